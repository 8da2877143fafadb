using Sandcastle.Bench.Machine;

namespace Sandcastle.Bench.Reports;

/// <summary>Everything that one run of this program found out. Filled by the measures, in their order.</summary>
internal sealed class BenchReport
{
    public required DateTimeOffset StartedAt { get; init; }

    public double TookSeconds { get; set; }

    /// <summary>True: few repetitions, so no proof of anything.</summary>
    public required bool Quick { get; init; }

    public required MachineFacts Machine { get; init; }

    /// <summary>The outer wall around zygotes in all measures that do not name another.</summary>
    public string Keep { get; set; } = "unknown";

    public List<Row> Rows { get; } = [];

    public List<Breakdown> Breakdowns { get; } = [];

    public List<Latency> Latencies { get; } = [];

    /// <summary>How figures came about, and what stands beside them.</summary>
    public List<string> Notes { get; } = [];
}
