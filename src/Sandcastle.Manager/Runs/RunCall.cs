using Sandcastle.Manager.Tenants;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Runs;

/// <summary>One request for a run, as an edge hands it in.</summary>
public sealed record RunCall
{
    public required Principal Principal { get; init; }

    public required RunRequest Request { get; init; }

    /// <summary>When it arrived, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public required long AcceptedTimestamp { get; init; }

    /// <summary>The caller wants output as it is written: <see cref="Run.Output"/> is there.</summary>
    public bool Live { get; init; }

    /// <summary>Makes the call safe to repeat; null for a call that is not.</summary>
    public IdempotencyKey? Key { get; init; }
}
