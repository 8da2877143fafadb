using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Statistics;

namespace Sandcastle.Bench.Measures;

/// <param name="Runs">As their client saw them.</param>
/// <param name="BareMs">The bare programs, start to end; empty where there were none.</param>
internal sealed record SideBySideResult(IReadOnlyList<RunSample> Runs, IReadOnlyList<double> BareMs)
{
    public Summary RunSummary { get; } = Summary.Of(Runs.Select(run => run.ClientMs));

    public Summary? BareSummary { get; } = BareMs.Count == 0 ? null : Summary.Of(BareMs);

    public Latency ToLatency(string name, string against = "") => new(
        name, RunSummary, Summary.Of(Runs.Select(run => (double)(run.Result.Receipt?.CpuMicros ?? 0))), against, BareSummary);
}
