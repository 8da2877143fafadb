using System.Globalization;
using System.Text;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;
using Sandcastle.Linux.Processes;

namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>
/// Where there is no <c>cgroup.kill</c>: first no new process (pids.max 0 lets every fork fail), then SIGKILL to whoever is listed,
/// until nobody is. Without the pids controller a fork bomb may outrun the rounds; the caller asks again.
/// </summary>
internal sealed class LoopKiller(CgroupDirectory directory, CgroupDirectory? pids) : IKiller
{
    internal const string Method = "kill loop";

    private const int Rounds = 8;

    public void Kill()
    {
        pids?.TryWrite("pids.max"u8, 0);
        var killed = new HashSet<int>();
        for (var round = 0; round < Rounds; round++)
        {
            var fresh = Members().Where(pid => pid > 0 && killed.Add(pid)).ToList();
            if (fresh.Count == 0)
            {
                return;
            }

            fresh.ForEach(KillMember);
        }
    }

    public bool IsPopulated()
    {
        using var fd = OpenProcs();
        return fd is not null && fd.ReadAt(stackalloc byte[16], 0) > 0;
    }

    public void Dispose()
    {
    }

    /// <summary>The pidfd is opened first and membership asked again after, so that a number used anew is never hit.</summary>
    private void KillMember(int pid)
    {
        using var pidfd = Pidfd.TryOpen(pid);
        if (pidfd is not null && Members().Contains(pid))
        {
            pidfd.SendSignal(Signal.SIGKILL);
        }
    }

    private IEnumerable<int> Members()
    {
        using var fd = OpenProcs();
        if (fd is null)
        {
            return [];
        }

        var text = Encoding.ASCII.GetString(fd.ReadToEnd(1 << 20, out _));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }

    /// <summary>Opened anew for every reading: v1 shows one open file the same list for up to a second. Null when the cgroup is gone.</summary>
    private Fd? OpenProcs()
    {
        var fd = directory.TryOpen("cgroup.procs"u8, OpenFlags.ReadOnly, out var errno);
        return fd is not null || errno is Errno.ENOENT or Errno.ENODEV
            ? fd
            : throw new LinuxException("openat", errno, directory.Describe("cgroup.procs"u8));
    }
}
