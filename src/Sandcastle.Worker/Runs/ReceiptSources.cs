using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Cgroups;

namespace Sandcastle.Worker.Runs;

/// <summary>Where each figure of a receipt comes from on this machine; see DESIGN section 6.</summary>
internal static class ReceiptSources
{
    internal static Dictionary<string, FigureSource> Of(CgroupReport cgroups) => new(StringComparer.Ordinal)
    {
        ["cpuMicros"] = Cgroup(cgroups.CpuSource, FigureKind.Exact),
        ["cpuUserMicros"] = Cgroup(cgroups.CpuSource, FigureKind.Sampled),
        ["cpuSystemMicros"] = Cgroup(cgroups.CpuSource, FigureKind.Sampled),
        ["rusageCpuMicros"] = new("wait4", FigureKind.Exact),
        ["wallMicros"] = new("CLOCK_MONOTONIC", FigureKind.Exact),
        ["peakMemoryBytes"] = Cgroup(cgroups.PeakSource, FigureKind.Exact),
        ["memoryByteSeconds"] = new("trapezoid over start, end and 10 ms samples", FigureKind.Estimate),
        ["ioReadBytes"] = new("rchar", FigureKind.LowerBound),
        ["ioWriteBytes"] = new("wchar", FigureKind.LowerBound),
        ["outputBytes"] = new("pipes", FigureKind.Exact),
    };

    private static FigureSource Cgroup(string? source, FigureKind kind) =>
        source is null ? new FigureSource("no cgroup measures it here", FigureKind.Unavailable) : new FigureSource(source, kind);
}
