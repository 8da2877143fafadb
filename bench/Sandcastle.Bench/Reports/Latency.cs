using Sandcastle.Bench.Statistics;

namespace Sandcastle.Bench.Reports;

/// <summary>A program as a run, beside the same started bare, in milliseconds.</summary>
/// <param name="Name">What runs, where.</param>
/// <param name="Run">By the client's clock.</param>
/// <param name="RunCpuMicros">Billed per run.</param>
/// <param name="Against">The bare command.</param>
/// <param name="Bare">Null where there is nothing to compare with.</param>
internal sealed record Latency(string Name, Summary Run, Summary RunCpuMicros, string Against = "", Summary? Bare = null);
