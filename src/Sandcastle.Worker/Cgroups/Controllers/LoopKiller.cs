using System.Globalization;
using Sandcastle.Linux.Errors;
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

    public bool IsPopulated() => Members().Any();

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
        using var fd = directory.TryOpen("cgroup.procs"u8, Linux.Files.OpenFlags.ReadOnly, out var errno);
        if (fd is null)
        {
            return errno is Errno.ENOENT or Errno.ENODEV ? [] : throw new LinuxException("openat", errno, directory.Describe("cgroup.procs"u8));
        }

        var text = System.Text.Encoding.ASCII.GetString(fd.ReadToEnd(1 << 20, out _));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }
}
