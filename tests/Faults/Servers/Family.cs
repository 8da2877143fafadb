namespace Sandcastle.Faults.Servers;

/// <summary>The processes of a daemon and of those before it, each with what it is.</summary>
public sealed class Family
{
    /// <summary>Signals 1 to 31 without the two that nobody can block, and without those that the C library never does.</summary>
    private const ulong EverySignal = 0x7ffb_feff;

    private readonly Dictionary<int, ProcessEntry> _all = Processes.Read().ToDictionary(p => p.Pid);
    private readonly ILookup<int, ProcessEntry> _children;
    private readonly IReadOnlyList<string> _instances;
    private readonly string _stage;
    private readonly int _daemon;
    private readonly int _depth;

    private Family(Succession server)
    {
        _children = _all.Values.ToLookup(p => p.Parent);
        _instances = server.Instances;
        _stage = server.Stage + "/";
        _daemon = server.Current.Process.Id;
        _depth = _all.TryGetValue(_daemon, out var daemon) ? daemon.Pids.Count : 1;
    }

    public static IReadOnlyList<(ProcessEntry Process, ProcessKind Kind)> Of(Succession server)
    {
        var family = new Family(server);
        return [.. family._all.Values.Where(family.IsOurs).Select(p => (p, family.KindOf(p)))];
    }

    private bool IsOurs(ProcessEntry process) =>
        Descends(process) || (process.Pids.Count > _depth && _children[process.Pid].Any(IsMarked));

    private bool Descends(ProcessEntry process) =>
        process.Pid == _daemon || IsMarked(process) || (_all.TryGetValue(process.Parent, out var parent) && Descends(parent));

    /// <summary>An orphan is known by its control group, or by the stage that its arguments name.</summary>
    private bool IsMarked(ProcessEntry process) =>
        _instances.Any(name => process.Cgroups.Contains($"/{name}", StringComparison.Ordinal))
        || process.Arguments.Any(argument => argument.Contains(_stage, StringComparison.Ordinal));

    private ProcessKind KindOf(ProcessEntry process) => (process.Pids.Count - _depth) switch
    {
        _ when process.IsZombie => ProcessKind.Zombie,
        _ when process.IsBroker => ProcessKind.Broker,
        _ when process.Pid == _daemon => ProcessKind.Daemon,
        0 => IsMarked(process) ? ProcessKind.Wall : ProcessKind.Other,
        1 => process.Pids[^1] == 1 ? ProcessKind.Keep : ProcessKind.Zygote,
        _ when process.Pids[^1] == 1 => ProcessKind.Init,
        _ => (process.Blocked & EverySignal) == EverySignal ? ProcessKind.Holder : ProcessKind.Program,
    };
}
