using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Faults.Loads;

/// <summary>A program whose first act is to write its token to <see cref="Servers.Marks.File"/>, and what must become of it.</summary>
public sealed record TestProgram
{
    /// <summary>What kind of program it is, for reports.</summary>
    public required string Name { get; init; }

    /// <summary>No other program has it.</summary>
    public required string Token { get; init; }

    public required RunRequest Request { get; init; }

    public Manner Manner { get; init; }

    public Outcome Expected { get; init; } = Outcome.Succeeded;

    /// <summary>All that it writes to stdout where it succeeds.</summary>
    public string Stdout => Token + "\n";
}
