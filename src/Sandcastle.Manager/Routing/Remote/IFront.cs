namespace Sandcastle.Manager.Routing.Remote;

/// <summary>The manager's side towards its callers, for a rehearsal.</summary>
internal interface IFront
{
    /// <summary>Takes a request for an empty program of this template by the way of every caller's, charged to <see cref="Rehearsals.Tenant"/>.</summary>
    /// <exception cref="Sandcastle.Protocol.Refusals.RefusalException">It is refused as a caller's would be.</exception>
    Task RehearseAsync(string template, CancellationToken cancellationToken);
}
