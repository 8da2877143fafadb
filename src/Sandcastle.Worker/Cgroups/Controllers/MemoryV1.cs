using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;

namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>The v1 memory controller (Documentation/admin-guide/cgroup-v1/memory.rst).</summary>
internal sealed class MemoryV1 : IMemoryController
{
    internal const string PeakSource = "memory.max_usage_in_bytes";
    internal const string OomSource = "memory.oom_control oom_kill";

    private static readonly byte[] Usage = "memory.usage_in_bytes"u8.ToArray();
    private static readonly byte[] MaxUsage = "memory.max_usage_in_bytes"u8.ToArray();
    private static readonly byte[] OomControl = "memory.oom_control"u8.ToArray();

    private readonly CgroupDirectory _directory;
    private readonly bool _countsSwap;
    private readonly CgroupFile _usage;
    private readonly CgroupFile _peak;
    private readonly CgroupFile _oom;

    /// <param name="directory">Of the cgroup.</param>
    /// <param name="countsSwap">The kernel has <c>memory.memsw.*</c>.</param>
    internal MemoryV1(CgroupDirectory directory, bool countsSwap)
    {
        _directory = directory;
        _countsSwap = countsSwap;
        _usage = new CgroupFile(directory, Usage);
        _peak = new CgroupFile(directory, MaxUsage, OpenFlags.ReadWrite);
        _oom = new CgroupFile(directory, OomControl);
    }

    public void Limit(long bytes, long? before)
    {
        // memsw may never be below the limit: it goes first on the way up, last on the way down. A new cgroup has no limit to start from.
        var raising = before is { } old && bytes > old;
        if (_countsSwap && raising)
        {
            _directory.Write("memory.memsw.limit_in_bytes"u8, bytes);
        }

        _directory.Write("memory.limit_in_bytes"u8, bytes);
        if (_countsSwap && !raising)
        {
            _directory.Write("memory.memsw.limit_in_bytes"u8, bytes);
        }

        if (!_countsSwap && before is null)
        {
            _directory.Write("memory.swappiness"u8, 0);
        }

        // Socket buffers have a counter of their own on v1, without a limit unless one is set. Absent without CONFIG_INET.
        if (_directory.TryWrite("memory.kmem.tcp.limit_in_bytes"u8, bytes) is not (Errno.None or Errno.ENOENT) and var errno)
        {
            throw new LinuxException("write", errno, _directory.Describe("memory.kmem.tcp.limit_in_bytes"u8));
        }
    }

    public long ReadCurrent() => _usage.ReadNumber();

    public long ReadPeak() => _peak.ReadNumber();

    public void ResetPeak() => _peak.Write("0"u8);

    public long ReadOomKills() =>
        // Linux before 4.13 does not count them; there the pids and the exit status are all there is.
        CgroupText.TryFind(_oom.Read(stackalloc byte[256]), "oom_kill "u8, out var kills) ? kills : 0;

    public void Dispose()
    {
        _usage.Dispose();
        _peak.Dispose();
        _oom.Dispose();
    }
}
