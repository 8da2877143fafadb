using Sandcastle.Faults.Servers;
using Sandcastle.Linux.Processes;

namespace Sandcastle.Faults.Chaos;

/// <summary>Picks processes at random, a kind first so that the few of their kind have their turn, and kills them (SIGKILL).</summary>
public sealed class Killer(Succession server, int seed)
{
    private static readonly ProcessKind[] Kinds =
    [
        ProcessKind.Broker, ProcessKind.Wall, ProcessKind.Keep, ProcessKind.Zygote, ProcessKind.Init, ProcessKind.Program, ProcessKind.Holder,
    ];

    private readonly Random _random = new(seed);
    private readonly Dictionary<ProcessKind, int> _killed = [];

    /// <summary>How many of each kind.</summary>
    public IReadOnlyDictionary<ProcessKind, int> Killed => _killed;

    /// <summary>Kills one process every 100 to 300 ms, and never the daemon.</summary>
    public async Task KillProcessesAsync(CancellationToken stop)
    {
        while (await PausedAsync(100, 300, stop))
        {
            KillOne(Kinds[_random.Next(Kinds.Length)]);
        }
    }

    /// <summary>The same, and every 3 to 6 seconds the daemon, which is followed by another at once.</summary>
    public async Task KillProcessesAndDaemonsAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var reign = CancellationTokenSource.CreateLinkedTokenSource(stop);
            reign.CancelAfter(_random.Next(3_000, 6_000));
            await KillProcessesAsync(reign.Token);
            if (!stop.IsCancellationRequested)
            {
                await server.ReplaceAsync();
                Note(ProcessKind.Daemon);
            }
        }
    }

    /// <summary>
    /// Kills the broker and every keep, so that what follows is built by one broker: one that was killed is replaced when it is needed and
    /// no sooner, and its pipes stay open for as long as a keep of its time lives.
    /// </summary>
    public void KillKeeps()
    {
        foreach (var (process, kind) in Family.Of(server).Where(member => member.Kind is ProcessKind.Broker or ProcessKind.Keep).OrderBy(m => m.Kind))
        {
            Kill(process, kind);
        }
    }

    private void KillOne(ProcessKind kind)
    {
        var candidates = Family.Of(server).Where(member => member.Kind == kind).Select(member => member.Process).OrderBy(p => p.Pid).ToList();
        if (candidates.Count == 0)
        {
            return;
        }

        Kill(candidates[_random.Next(candidates.Count)], kind);
    }

    private void Kill(ProcessEntry chosen, ProcessKind kind)
    {
        // Held by descriptor and then looked at again: its number may have been given to somebody else since.
        using var held = Pidfd.TryOpen(chosen.Pid);
        if (held is not null && Processes.Describe(chosen.Pid) is { } now && now.IsSameAs(chosen) && held.SendSignal(Signal.SIGKILL))
        {
            Note(kind);
        }
    }

    private void Note(ProcessKind kind) => _killed[kind] = _killed.GetValueOrDefault(kind) + 1;

    private async Task<bool> PausedAsync(int least, int most, CancellationToken stop)
    {
        try
        {
            await Task.Delay(_random.Next(least, most), stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
