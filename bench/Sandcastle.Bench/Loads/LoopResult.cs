namespace Sandcastle.Bench.Loads;

/// <summary>What a closed loop did.</summary>
/// <param name="Samples">All of its runs.</param>
/// <param name="Elapsed">From the first request to the last answer.</param>
internal sealed record LoopResult(IReadOnlyList<RunSample> Samples, TimeSpan Elapsed)
{
    public double PerSecond => Samples.Count / Elapsed.TotalSeconds;
}
