using Sandcastle.Linux.Files;

namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>
/// The v2 memory controller (Documentation/admin-guide/cgroup-v2.rst). <c>memory.oom.group</c> stays 0: the kernel kills the largest
/// process, and whether the run failed by it is judged by its main process.
/// </summary>
internal sealed class MemoryV2 : IMemoryController
{
    internal const string OomSource = "memory.events oom_kill";

    private static readonly byte[] Current = "memory.current"u8.ToArray();
    private static readonly byte[] Peak = "memory.peak"u8.ToArray();
    private static readonly byte[] Events = "memory.events"u8.ToArray();

    private readonly CgroupDirectory _directory;
    private readonly bool _countsSwap;
    private readonly PeakKind _peakKind;
    private readonly CgroupFile _current;
    private readonly CgroupFile _peak;
    private readonly CgroupFile _events;
    private long _sampledPeak;

    internal MemoryV2(CgroupDirectory directory, bool countsSwap, PeakKind peakKind)
    {
        _directory = directory;
        _countsSwap = countsSwap;
        _peakKind = peakKind;
        _current = new CgroupFile(directory, Current);
        _peak = new CgroupFile(directory, Peak, peakKind == PeakKind.Resettable ? OpenFlags.ReadWrite : OpenFlags.ReadOnly);
        _events = new CgroupFile(directory, Events);
    }

    internal static string PeakSource(PeakKind kind) => kind switch
    {
        PeakKind.Resettable => "memory.peak",
        PeakKind.SinceMade => "memory.peak since the slot was made",
        _ => "memory.current sampled",
    };

    public void Limit(long bytes, long? before)
    {
        if (_countsSwap && before is null)
        {
            _directory.Write("memory.swap.max"u8, 0);
        }

        _directory.Write("memory.max"u8, bytes);
    }

    public long ReadCurrent()
    {
        var bytes = _current.ReadNumber();
        _sampledPeak = Math.Max(_sampledPeak, bytes);
        return bytes;
    }

    public long ReadPeak()
    {
        if (_peakKind != PeakKind.Sampled)
        {
            return _peak.ReadNumber();
        }

        ReadCurrent();
        return _sampledPeak;
    }

    public void ResetPeak()
    {
        _sampledPeak = 0;
        if (_peakKind == PeakKind.Resettable)
        {
            _peak.Write("reset"u8);
        }
    }

    public long ReadOomKills() =>
        CgroupText.TryFind(_events.Read(stackalloc byte[512]), "oom_kill "u8, out var kills) ? kills : 0;

    public void Dispose()
    {
        _current.Dispose();
        _peak.Dispose();
        _events.Dispose();
    }
}
