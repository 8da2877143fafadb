namespace Sandcastle.Client.Transports;

/// <summary>Carries one HTTP request to the server and brings back the answer's head; the body is read from the answer.</summary>
internal interface ITransport : IDisposable
{
    /// <exception cref="ServerUnreachableException">No server, or it went away before the head was whole.</exception>
    Task<RestAnswer> SendAsync(RestCall call, CancellationToken cancellationToken);
}
