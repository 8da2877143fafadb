using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;

namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary><c>cgroup.kill</c> (Linux 5.14): one write, and no fork gets away. Any unified hierarchy has it, also beside v1.</summary>
internal sealed class UnifiedKiller(CgroupDirectory directory) : IKiller
{
    internal const string Method = "cgroup.kill";

    private static readonly byte[] Events = "cgroup.events"u8.ToArray();
    private readonly CgroupFile _events = new(directory, Events);

    public void Kill()
    {
        var errno = directory.TryWrite("cgroup.kill"u8, "1"u8);
        // Where there is no cgroup any more there is nobody to kill.
        if (errno is not (Errno.None or Errno.ENOENT or Errno.ENODEV))
        {
            throw new LinuxException("write", errno, directory.Describe("cgroup.kill"u8));
        }
    }

    public bool IsPopulated()
    {
        try
        {
            return CgroupText.TryFind(_events.Read(stackalloc byte[128]), "populated "u8, out var populated) && populated != 0;
        }
        catch (LinuxException exception) when (exception.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return false;
        }
    }

    internal Fd OpenEvents() => directory.Open(Events, OpenFlags.ReadOnly);

    public void Dispose() => _events.Dispose();
}
