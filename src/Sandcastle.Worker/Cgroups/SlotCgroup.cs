using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;
using Sandcastle.Worker.Cgroups.Controllers;

namespace Sandcastle.Worker.Cgroups;

/// <summary>
/// The cgroup of one slot, in every hierarchy that is needed, seen as one. One thread at a time. A reading takes a few microseconds
/// and allocates nothing but, the first time, a descriptor; null means that this machine does not measure it.
/// </summary>
public sealed class SlotCgroup : IDisposable
{
    private readonly IReadOnlyList<CgroupDirectory> _directories;
    private readonly HashSet<CgroupDirectory> _removed = [];

    internal SlotCgroup(string name, IReadOnlyList<CgroupDirectory> directories)
    {
        Name = name;
        _directories = directories;
    }

    public string Name { get; }

    /// <summary>What is in force; null: never limited (a zygote's cgroup, say).</summary>
    public SlotLimits? Limits { get; private set; }

    /// <summary>Its directory in each hierarchy, for people.</summary>
    public IReadOnlyList<string> Directories => [.. _directories.Select(d => d.Path)];

    internal IMemoryController? Memory { get; init; }

    internal PidsController? PidsLimit { get; init; }

    internal ICpuController? CpuLimit { get; init; }

    internal ICpuMeter? Usage { get; init; }

    /// <summary>Its directories in the hierarchies of <see cref="Usage"/> and <see cref="Memory"/>.</summary>
    internal IReadOnlyList<CgroupDirectory> Counted { get; init; } = [];

    internal IKiller? Killer { get; init; }

    /// <summary>
    /// Opens <c>cgroup.procs</c> of every hierarchy for writing; they are the caller's to dispose. A process that writes <c>0</c> to
    /// each joins by the opener's right: it needs no path and no right of its own. (On v1 the kernel still asks that the opener is
    /// root, or has the uid of the process that joins.)
    /// </summary>
    public Fd[] OpenProcs()
    {
        var opened = new Fd[_directories.Count];
        for (var i = 0; i < opened.Length; i++)
        {
            opened[i] = _directories[i].Open("cgroup.procs"u8, OpenFlags.WriteOnly);
        }

        return opened;
    }

    /// <summary>Has the CPU time and memory that a process uses from now on counted here, with what it forks; it is moved in no other hierarchy.</summary>
    /// <returns>Why one of them could not be.</returns>
    internal Errno TryCount(int pid)
    {
        var failed = Errno.None;
        foreach (var directory in Counted)
        {
            failed = directory.TryWrite("cgroup.procs"u8, pid) is var errno and not Errno.None ? errno : failed;
        }

        return failed;
    }

    /// <summary>Brings the kernel's limits to these, writing only what differs from what is in force.</summary>
    /// <exception cref="LinuxException">EBUSY on v1: more memory is in use than the new limit, and cannot be reclaimed.</exception>
    public void SetLimits(SlotLimits limits)
    {
        if (limits.MemoryBytes != Limits?.MemoryBytes)
        {
            Memory?.Limit(limits.MemoryBytes, Limits?.MemoryBytes);
        }

        if (limits.Pids != Limits?.Pids)
        {
            PidsLimit?.Limit(limits.Pids);
        }

        if (CpuQuota.Micros(limits.Cpus) != (Limits is { } old ? CpuQuota.Micros(old.Cpus) : 0))
        {
            CpuLimit?.Limit(limits.Cpus);
        }

        Limits = limits;
    }

    /// <summary>What nobody waits for gives way to what somebody waits for.</summary>
    public void Yield(bool yields) => CpuLimit?.Yield(yields);

    public CpuReading? ReadCpu() => Usage?.Read();

    /// <summary>Bytes in use now, page cache and tmpfs included. The kernel charges in batches: up to 256 KiB a CPU beside the truth.</summary>
    public long? ReadMemory() => Memory?.ReadCurrent();

    /// <summary>Most bytes at once; since when is part of <see cref="CgroupReport.PeakSource"/>.</summary>
    public long? ReadPeak() => Memory?.ReadPeak();

    public void ResetPeak() => Memory?.ResetPeak();

    /// <summary>Processes that the kernel killed here because the memory limit was reached, since the cgroup was made.</summary>
    public long? ReadOomKills() => Memory?.ReadOomKills();

    /// <summary>Processes and threads now, zombies included.</summary>
    public int? ReadPids() => PidsLimit?.ReadCurrent();

    /// <summary>Some process in it has not ended. (Zombies do not count.)</summary>
    public bool IsPopulated() => Killer?.IsPopulated() ?? false;

    /// <summary>SIGKILL to every process in it. They end soon after; <see cref="IsPopulated"/> tells when.</summary>
    public void Kill() => Killer?.Kill();

    /// <summary>
    /// A descriptor on which epoll reports <c>EPOLLPRI</c> when <see cref="IsPopulated"/> may have changed; read it, or <see cref="IsPopulated"/>,
    /// first. Null without a unified hierarchy. The caller's to dispose.
    /// </summary>
    public Fd? OpenEvents() => (Killer as UnifiedKiller)?.OpenEvents();

    /// <summary>Closes what was read from and removes it everywhere, if nothing runs in it any more.</summary>
    /// <returns>False when something still does (EBUSY): try again.</returns>
    public bool TryDestroy()
    {
        Dispose();
        foreach (var directory in _directories)
        {
            if (_removed.Contains(directory))
            {
                continue;
            }

            switch (directory.TryRemove())
            {
                case Errno.None or Errno.ENOENT or Errno.ENODEV:
                    _removed.Add(directory);
                    break;
                case Errno.EBUSY or Errno.ENOTEMPTY:
                    break;
                case var errno:
                    throw new LinuxException("rmdir", errno, directory.Path);
            }
        }

        return _removed.Count == _directories.Count;
    }

    /// <summary>
    /// Kills what is left and removes the cgroup, retrying while the kernel is still letting go of processes: up to a second, in growing
    /// steps.
    /// </summary>
    /// <returns>False when it could not be removed; a later call, or the next worker's sweep, may.</returns>
    public async Task<bool> DestroyAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        for (var delay = TimeSpan.FromMilliseconds(1); delay < TimeSpan.FromMilliseconds(600); delay *= 2)
        {
            if (TryDestroy())
            {
                return true;
            }

            Kill();
            await Task.Delay(delay, time, cancellationToken);
        }

        return TryDestroy();
    }

    /// <summary>Closes its descriptors. They open again when it is read again.</summary>
    public void Dispose()
    {
        Memory?.Dispose();
        PidsLimit?.Dispose();
        Usage?.Dispose();
        Killer?.Dispose();
    }

    /// <summary>Makes the directories; on failure none is left.</summary>
    internal void Create()
    {
        var made = 0;
        try
        {
            for (; made < _directories.Count; made++)
            {
                if (!_directories[made].Create())
                {
                    throw new LinuxException("mkdirat", Errno.EEXIST, _directories[made].Path);
                }
            }
        }
        catch
        {
            while (made > 0)
            {
                _directories[--made].TryRemove();
            }

            throw;
        }
    }
}
