namespace Sandcastle.Testing.ApiServer.Faults;

/// <summary>How a failure shows.</summary>
public enum FaultForm
{
    /// <summary>The connection breaks without an answer.</summary>
    BrokenConnection,

    /// <summary>500 InternalError.</summary>
    InternalError,

    /// <summary>503 ServiceUnavailable.</summary>
    Unavailable,

    /// <summary>504 Timeout.</summary>
    Timeout,

    /// <summary>429 TooManyRequests, with Retry-After: 1.</summary>
    TooManyRequests,
}
