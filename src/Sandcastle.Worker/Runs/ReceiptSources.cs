using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Cgroups;

namespace Sandcastle.Worker.Runs;

/// <summary>Where each figure of a receipt comes from on this machine; see DESIGN section 6.</summary>
internal static class ReceiptSources
{
    internal static Dictionary<string, FigureSource> Of(CgroupReport cgroups) => new(StringComparer.Ordinal)
    {
        ["cpuMicros"] = Cgroup(cgroups.CpuSource, FigureKind.Exact),
        ["cpuUserMicros"] = Cgroup(cgroups.CpuUserSource, FigureKind.Sampled),
        ["cpuSystemMicros"] = Cgroup(cgroups.CpuSystemSource, FigureKind.Sampled),
        ["rusageCpuMicros"] = new("wait4", FigureKind.Exact),
        ["wallMicros"] = new("CLOCK_MONOTONIC", FigureKind.Exact),
        ["peakMemoryBytes"] = Cgroup(cgroups.PeakSource, FigureKind.Exact),
        ["memoryByteSeconds"] = new("trapezoid over start, end and 10 ms samples", FigureKind.Estimate),
        ["ioReadBytes"] = new("rchar", FigureKind.LowerBound),
        ["ioWriteBytes"] = new("wchar", FigureKind.LowerBound),
        ["outputBytes"] = new("pipes", FigureKind.Exact),
    };

    /// <summary>Where the jail's kernel does not tell a parent what its children have read and written.</summary>
    internal static Dictionary<string, FigureSource> WithoutBytes(IReadOnlyDictionary<string, FigureSource> sources) => new(sources, StringComparer.Ordinal)
    {
        ["ioReadBytes"] = new("the jail's own kernel does not tell", FigureKind.Unavailable),
        ["ioWriteBytes"] = new("the jail's own kernel does not tell", FigureKind.Unavailable),
    };

    /// <summary>Of a run whose worker was killed: only what its cgroup counted is known.</summary>
    internal static Dictionary<string, FigureSource> OfInterrupted(CgroupReport cgroups, SweptCgroup? left)
    {
        var sources = Of(cgroups);
        foreach (var figure in sources.Keys.ToList())
        {
            var counted = figure.StartsWith("cpu", StringComparison.Ordinal) ? left?.Cpu is not null
                : figure == "peakMemoryBytes" && left?.PeakBytes is not null;
            if (!counted)
            {
                sources[figure] = new FigureSource("the worker was killed", FigureKind.Unavailable);
            }
        }

        return sources;
    }

    private static FigureSource Cgroup(string? source, FigureKind kind) =>
        source is null ? new FigureSource("no cgroup measures it here", FigureKind.Unavailable) : new FigureSource(source, kind);
}
