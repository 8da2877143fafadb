namespace Sandcastle.Client;

/// <summary>No server answered: nothing listens there, or the connection ended before the answer was whole.</summary>
public sealed class ServerUnreachableException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>True when the request cannot have reached a server, so that sending it again repeats nothing.</summary>
    public bool NeverSent { get; init; }
}
