using System.Diagnostics;
using Sandcastle.Manager.Routing;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Fleet;

/// <summary>
/// A cluster's workers in a time of its own, for a real <see cref="WorkerRouter"/>: runs last an exponentially distributed time, and each
/// worker tells its numbers twenty times a second, each at another moment. For one thread.
/// </summary>
internal sealed class SimulatedFleet : IWorkerDirectory
{
    internal const string Template = "python";

    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMilliseconds(50);

    private readonly SimulatedWorker[] _workers;
    private readonly PriorityQueue<(SimulatedWorker Worker, TaskCompletionSource<RunReport> Run), TimeSpan> _ends = new();
    private readonly Random _random;
    private readonly TimeSpan _meanRun;
    private int _nextReport;

    internal SimulatedFleet(int workers, int slotsEach, TimeSpan meanRun, int seed)
    {
        (_random, _meanRun) = (new Random(seed), meanRun);
        _workers = [.. Enumerable.Range(0, workers).Select(i => new SimulatedWorker(this, $"worker-{i}", slotsEach))];
    }

    public event EventHandler? Changed;

    public IReadOnlyList<IWorkerLink> Links => _workers;

    public long Version { get; private set; }

    internal static TemplateStatus Offer { get; } = new()
    {
        Name = Template,
        Description = "",
        Language = "python",
        Profile = "fork",
        Keep = "builtin",
        Defaults = RunLimits.Default,
        Maximums = RunLimits.Maximum,
        SlotsWanted = 0,
        SlotsReady = 0,
        SlotsBusy = 0,
    };

    internal static RunOrder Order { get; } = new()
    {
        Id = RunId.New(),
        Tenant = "default",
        Template = Template,
        Argv = ["true"],
        Limits = RunLimits.Default,
        AcceptedTimestamp = 0,
    };

    internal IReadOnlyList<SimulatedWorker> Workers => _workers;

    internal TimeSpan Now { get; private set; }

    /// <summary>Runs under way.</summary>
    internal int Busy => _ends.Count;

    internal long Routed { get; private set; }

    /// <summary>Runs that had to wait at the worker they were sent to.</summary>
    internal long Waited { get; private set; }

    internal long SentToDraining { get; private set; }

    /// <summary>When the last run reached its worker, by <see cref="Stopwatch"/>.</summary>
    internal long LastArrival { get; private set; }

    /// <summary>Lets time pass: runs end, workers tell their numbers.</summary>
    internal void Advance(TimeSpan by)
    {
        Now += by;
        while (_ends.TryPeek(out _, out var at) && at <= Now)
        {
            var (worker, run) = _ends.Dequeue();
            worker.Release();
            run.SetResult(Report);
        }

        for (var due = (int)(_workers.Length * (by / ReportPeriod)); due > 0; due--)
        {
            _workers[_nextReport].Report();
            _nextReport = (_nextReport + 1) % _workers.Length;
        }
    }

    /// <summary>A worker is about to go, or another takes its place.</summary>
    internal void SetDraining(int worker, bool draining)
    {
        _workers[worker].IsDraining = draining;
        Version++;
        Changed?.Invoke(this, EventArgs.Empty);
    }

    internal void Begin(SimulatedWorker worker, TaskCompletionSource<RunReport> run) =>
        _ends.Enqueue((worker, run), Now - (_meanRun * Math.Log(1 - _random.NextDouble())));

    internal void Arrived(SimulatedWorker worker, bool waits)
    {
        LastArrival = Stopwatch.GetTimestamp();
        Routed++;
        Waited += waits ? 1 : 0;
        SentToDraining += worker.IsDraining ? 1 : 0;
    }

    private static RunReport Report { get; } = new()
    {
        Outcome = Outcome.Succeeded,
        ExitCode = 0,
        Stdout = default,
        Stderr = default,
        StdoutTruncated = false,
        StderrTruncated = false,
        Timings = new RunTimings(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
        Receipt = new Receipt
        {
            Run = Order.Id,
            Tenant = Order.Tenant,
            Template = Template,
            Profile = Offer.Profile,
            Keep = Offer.Keep,
            Worker = "",
            StartedAt = DateTimeOffset.UnixEpoch,
            Outcome = Outcome.Succeeded,
            CpuMicros = 0,
            CpuUserMicros = 0,
            CpuSystemMicros = 0,
            RusageCpuMicros = 0,
            WallMicros = 0,
            PeakMemoryBytes = 0,
            MemoryByteSeconds = 0,
            IoReadBytes = 0,
            IoWriteBytes = 0,
            OutputBytes = 0,
            Limits = RunLimits.Default,
            Sources = new Dictionary<string, FigureSource>(StringComparer.Ordinal),
        },
    };
}
