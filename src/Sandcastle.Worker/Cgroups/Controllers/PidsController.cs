namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>Processes and threads of one cgroup; the same files on v1 and v2.</summary>
internal sealed class PidsController : IDisposable
{
    private static readonly byte[] CurrentFile = "pids.current"u8.ToArray();

    private readonly CgroupDirectory _directory;
    private readonly CgroupFile _current;

    internal PidsController(CgroupDirectory directory)
    {
        _directory = directory;
        _current = new CgroupFile(directory, CurrentFile);
    }

    internal void Limit(int pids) => _directory.Write("pids.max"u8, pids);

    /// <summary>Zombies that nobody has reaped are counted.</summary>
    internal int ReadCurrent() => (int)_current.ReadNumber();

    public void Dispose() => _current.Dispose();
}
