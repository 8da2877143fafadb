using Sandcastle.Bench.Statistics;

namespace Sandcastle.Bench.Reports;

/// <summary>Where the time of a set of runs went.</summary>
/// <param name="Title">Which runs.</param>
/// <param name="Parts">In the order in which they happen, then what they sum up to.</param>
internal sealed record Breakdown(string Title, IReadOnlyList<Breakdown.Part> Parts)
{
    /// <param name="Name">What happens.</param>
    /// <param name="Micros">How long it takes, in microseconds.</param>
    internal sealed record Part(string Name, Summary Micros);
}
