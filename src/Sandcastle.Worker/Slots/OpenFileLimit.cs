using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Processes;

namespace Sandcastle.Worker.Slots;

/// <summary>How many slots this process can hold descriptors for.</summary>
internal static class OpenFileLimit
{
    /// <summary>Two sockets, three pipes, the init, the root; while it runs also its memory. Others of its cgroup come and go at its end.</summary>
    private const int PerSlot = 8;

    private const int Others = 1_000;

    /// <summary>Raises the limit as far as it goes: an ordinary user's to the hard one, root's to what is needed.</summary>
    /// <returns>How many slots fit, at most <paramref name="slots"/>.</returns>
    internal static int RaiseFor(int slots)
    {
        var wanted = (ulong)((slots * PerSlot) + Others);
        var limit = OwnProcess.RaiseOpenFiles();
        if (limit < wanted)
        {
            try
            {
                OwnProcess.SetLimit(Resource.OpenFiles, new ResourceLimit(wanted, wanted));
                limit = wanted;
            }
            catch (LinuxException e) when (e.Errno == Errno.EPERM)
            {
                // Only with CAP_SYS_RESOURCE.
            }
        }

        return (int)Math.Clamp(((long)limit - Others) / PerSlot, 1, slots);
    }
}
