namespace Sandcastle.Worker.Runs;

/// <summary>
/// Says when a run may start. Whoever sent an order from afar cannot tell, once the connection is lost, whether the program has
/// run; so its program waits, with its slot ready, until the sender has heard of the slot and said go.
/// </summary>
public interface IStartPermission
{
    /// <summary>Asked when a slot is there; again where that slot died before its program could start, and then the answer stands.</summary>
    Task AskAsync(CancellationToken cancellationToken);
}
