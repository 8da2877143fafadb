using Sandcastle.Client;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Linux.Processes;

namespace Sandcastle.Faults.Servers;

/// <summary>A daemon and those that follow it, on one data directory and one port.</summary>
public sealed class Succession : IAsyncDisposable
{
    private readonly string[] _flags;
    private readonly List<string> _instances = [];
    private volatile TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Succession(string[] flags, Daemon first)
    {
        _flags = flags;
        Current = first;
        Begin();
    }

    public Daemon Current { get; private set; }

    /// <summary>Names of the cgroups that each daemon had, the present one's last.</summary>
    public IReadOnlyList<string> Instances
    {
        get
        {
            lock (_instances)
            {
                return [.. _instances];
            }
        }
    }

    /// <summary>Where the daemon assembles what jails are made from.</summary>
    public string Stage { get; private set; } = "";

    public static async Task<Succession> StartAsync(params string[] flags)
    {
        string[] all = ["--listen", $"127.0.0.1:{FreePort()}", .. flags];
        return new Succession(all, await Daemon.StartAsync(all));
    }

    public SandcastleClient Connect() => Current.Connect();

    /// <summary>Returns when a daemon listens.</summary>
    public Task ListeningAsync(CancellationToken cancellationToken) => _listening.Task.WaitAsync(cancellationToken);

    /// <summary>Kills the daemon (SIGKILL) and starts the next.</summary>
    public async Task ReplaceAsync()
    {
        _listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        OwnProcess.Kill(Current.Process.Id, Signal.SIGKILL);
        var dead = Current;
        Current = await dead.SucceedAsync(_flags);
        dead.Process.Dispose();
        Begin();
    }

    public ValueTask DisposeAsync() => Current.DisposeAsync();

    private void Begin()
    {
        // The names end in something random, so that a number used again is no kin of ours.
        var mine = $"sandcastle-{Current.Process.Id}-";
        var names = Cgroups.All().Select(Path.GetFileName).OfType<string>().Where(name => name.StartsWith(mine, StringComparison.Ordinal));
        lock (_instances)
        {
            _instances.AddRange(names.Distinct());
        }

        var broker = Processes.Read().First(p => p.Parent == Current.Process.Id && p.IsBroker);
        Stage = Path.GetDirectoryName(Path.GetDirectoryName(broker.Arguments[^1]))!;
        _listening.TrySetResult();
    }

    internal static int FreePort() => Ports.Free();
}
