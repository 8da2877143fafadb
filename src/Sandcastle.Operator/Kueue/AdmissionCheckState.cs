namespace Sandcastle.Operator.Kueue;

/// <summary>What an admission check says, and what it adds to the Pods.</summary>
public sealed record AdmissionCheckState
{
    public string Name { get; init; } = "";

    public string State { get; init; } = "";

    public string Message { get; init; } = "";

    public DateTimeOffset? LastTransitionTime { get; init; }

    public int? RequeueAfterSeconds { get; init; }

    public int? RetryCount { get; init; }

    public IReadOnlyList<PodSetUpdate> PodSetUpdates { get; init; } = [];
}
