namespace Sandcastle.Testing.ApiServer.Faults;

/// <summary>Tells the request's handler to break the connection without an answer.</summary>
public sealed class BrokenConnectionException : Exception
{
    public BrokenConnectionException()
        : base("the connection is to be broken, as a test asked")
    {
    }
}
