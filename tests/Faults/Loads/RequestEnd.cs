using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Faults.Loads;

/// <summary>One request, as its client saw it.</summary>
public sealed record RequestEnd
{
    public required TestProgram Program { get; init; }

    public required Fate Fate { get; init; }

    /// <summary>The run, where the client was told.</summary>
    public string? Run { get; init; }

    public Outcome? Outcome { get; init; }

    public RefusalKind? Refusal { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is wrong with the answer; null where nothing is.</summary>
    public string? Wrong { get; init; }

    public string Detail { get; init; } = "";

    public override string ToString() => $"{Program.Name} {Program.Token}: {Fate} {Run} {Outcome?.ToString() ?? Refusal?.ToString()} {Wrong} {Detail}";
}
