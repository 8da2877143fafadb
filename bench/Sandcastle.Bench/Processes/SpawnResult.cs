namespace Sandcastle.Bench.Processes;

/// <summary>What the spawner saw.</summary>
/// <param name="ElapsedMs">From the first start to the last end.</param>
/// <param name="WallMs">Per program: from its start until it was reaped and its output had ended.</param>
/// <param name="CpuMs">Per program: user and system time by wait4(2), of the program and what it waited for.</param>
/// <param name="Failed">How many ended non-zero or printed something else than expected.</param>
/// <param name="Output">Of the last one, its end.</param>
/// <param name="Flaw">What went wrong with the last that failed.</param>
internal sealed record SpawnResult(
    double ElapsedMs, IReadOnlyList<double> WallMs, IReadOnlyList<double> CpuMs, int Failed, string Output, string Flaw)
{
    public double PerSecond => WallMs.Count / (ElapsedMs / 1000);
}
