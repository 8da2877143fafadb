using Sandcastle.EndToEnd.Servers;
using Sandcastle.Link.Tests.Fakes;

namespace Sandcastle.EndToEnd.Roles;

/// <summary>A manager and a worker, each a process of its own, with certificates of one authority.</summary>
internal sealed class PartedDaemons : IAsyncDisposable
{
    private readonly Authority _authority;
    private readonly string[] _workerFlags;

    private PartedDaemons(Authority authority, int linkPort, Daemon worker, Daemon manager, string[] workerFlags)
    {
        _authority = authority;
        LinkPort = linkPort;
        Worker = worker;
        Manager = manager;
        _workerFlags = workerFlags;
    }

    public int LinkPort { get; }

    public Daemon Worker { get; private set; }

    public Daemon Manager { get; }

    public static async Task<PartedDaemons> StartAsync(params string[] workerFlags)
    {
        var authority = new Authority();
        // A worker's link has no line on stdout that would name its port.
        var port = Ports.Free();
        string[] flags = ["--role", "worker", "--link-listen", $"127.0.0.1:{port}", "--tls-directory", authority.Issue("worker.sandcastle"), .. workerFlags];
        var worker = await Daemon.StartSmallAsync(flags);
        var manager = await Daemon.StartSmallAsync("--role", "manager", "--workers", $"127.0.0.1:{port}", "--tls-directory", authority.Issue("manager.sandcastle"));
        return new PartedDaemons(authority, port, worker, manager, flags);
    }

    public async Task KillWorkerAsync()
    {
        Worker.Process.Kill();
        await Worker.Process.WaitForExitAsync();
    }

    public async Task RestartWorkerAsync() => Worker = await Worker.SucceedAsync(_workerFlags);

    /// <summary>A certificate of the same authority.</summary>
    public string Issue(string name) => _authority.Issue(name);

    public async ValueTask DisposeAsync()
    {
        await Manager.DisposeAsync();
        await Worker.DisposeAsync();
        _authority.Dispose();
    }
}
