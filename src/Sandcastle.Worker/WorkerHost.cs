using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Errors;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;
using Sandcastle.Worker.Accounting;
using Sandcastle.Worker.Api;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Diagnosis;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Seccomp;
using Sandcastle.Worker.Runs;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Staging;
using Sandcastle.Worker.Templates;
using Sandcastle.Worker.Walls;
using Sandcastle.Worker.Zygotes;

namespace Sandcastle.Worker;

/// <summary>
/// A worker: owns keeps, zygotes and slots, runs programs in them, and journals a receipt for each. Started once, stopped once; between
/// the two everything may be called from any thread.
/// </summary>
public sealed partial class WorkerHost : IWorker, IAsyncDisposable
{
    private readonly WorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<WorkerHost> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _interruption = new();
    private readonly Reactor _reactor;
    private readonly Reactor _housekeeping;
    private readonly CpuBalance _balance = new();
    private readonly List<Task> _loops = [];
    private readonly Dictionary<string, TemplateRuntime> _templates = new(StringComparer.Ordinal);
    private readonly WorkerCapacity _capacity = WorkerCapacity.Read();
    private readonly string _incarnation = Guid.NewGuid().ToString("N");
    private readonly DateTimeOffset _startedAt;
    private readonly long _started;
    private IReadOnlyList<TemplateRuntime> _ordered = [];
    private Stage? _stage;
    private CgroupTree? _cgroups;
    private SlotCgroup? _overhead;
    private SlotCgroup? _keeps;
    private WorkerBooks? _books;
    private ReceiptJournal? _journal;
    private OpenRunTable? _openRuns;
    private BrokerSupply? _brokers;
    private SlotMaker? _maker;
    private string? _kafel;
    private Fd? _filter;
    private RunExecutor? _executor;
    private int _disposed;

    public WorkerHost(WorkerOptions options, TimeProvider time, ILogger<WorkerHost> logger)
    {
        _options = options;
        _time = time;
        (_startedAt, _started) = (time.GetUtcNow(), time.GetTimestamp());
        _logger = logger;
        _reactor = new Reactor("jails", (handler, failure) => LogFault(failure, handler.GetType().Name));
        _housekeeping = new Reactor("housekeeping", (handler, failure) => LogFault(failure, handler.GetType().Name));
    }

    public string Name => _options.Name;

    /// <summary>What is offered now, in name order.</summary>
    public IReadOnlyList<TemplateStatus> Templates => [.. _ordered.Select(t => t.Status())];

    /// <summary>Sweeps what a predecessor left, checks the machine, and begins to prepare slots; ready slots come later.</summary>
    /// <exception cref="WorkerStartException">The machine lacks something that was not allowed to be missing.</exception>
    /// <exception cref="TemplateException">A template file is wrong.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WorkerRequirements.CheckKeep(_options);
        WorkerRequirements.CheckSeccomp();
        var slots = OpenFileLimit.RaiseFor(_options.MaxSlots);
        var templates = TemplateCatalog.Load(_options.TemplateDirectories, _options.Defaults, _options.Maximums);
        var ids = WorkerRequirements.ChooseIds(_options);
        var location = StageLocation.Of(_options.DataDirectory);
        foreach (var left in Stage.Sweep(location))
        {
            LogSwept(left);
        }

        Directory.CreateDirectory(_options.DataDirectory);
        _journal = ReceiptJournal.Open(Path.Combine(_options.DataDirectory, "journal"));
        _cgroups = CgroupTree.Create(new CgroupOptions { Root = _options.CgroupRoot, IncludeOwnProcess = _options.CountsOwnProcess });
        WorkerRequirements.CheckEnforcement(_options, _cgroups.Report);
        if (_options.CountsOwnProcess && _cgroups.ReadOwnCpu() is null)
        {
            LogOwnNotCounted(string.Join(' ', _cgroups.Report.Remarks));
        }

        _openRuns = await BillInterruptedAsync(cancellationToken);

        _stage = Stage.Create(location, _options.NativeDirectory, _options.GuestDirectory);
        var policy = SeccompPolicy.Load(_options.PolicyDirectory);
        var filter = await CompileAsync(policy, _stage, cancellationToken);
        _filter = Memfd.Create("sandcastle-filter", filter.Program);
        if (_options.Nsjail is not null && templates.Any(template => template.Profile == Profiles.Nsjail))
        {
            _kafel = KafelPolicy.Render(policy, await SeccompNumbers.ReadAsync(_stage.JailProgram, cancellationToken));
        }

        _overhead = _cgroups.CreateSlot("zygotes", limits: null);
        _keeps = _cgroups.CreateSlot("keeps", limits: null);
        _brokers = new BrokerSupply(_stage.JailProgram, _stage.BrokerSocket, _reactor, CountBroker, LogBroker);
        _maker = new SlotMaker(_reactor, _housekeeping, _cgroups, new SlotIds(ids), slots, _balance, _time, _logger);
        _books = new WorkerBooks(_cgroups, _keeps, _overhead, _maker, _balance);

        // The first look opens what later ones read again: from here on the number of descriptors says whether any are lost.
        _books.Read();
        // Before any template begins, though both together would take less time: what fails for the same reason would say so as well.
        await TrialSlot.MakeAsync(_reactor, await _brokers.GetAsync(cancellationToken), _stage, _filter, ids, _maker, cancellationToken);
        var unenforced = _cgroups.Report.Unenforced.Select(u => u.Limit).ToList();
        var receipts = new ReceiptWriter(Name, _options.Lot, _cgroups.Report, _journal, _openRuns, _balance, unenforced, _time);
        _executor = new RunExecutor(_reactor, receipts, new MemorySampler(_reactor), _interruption.Token);
        foreach (var (template, index) in templates.Select((t, i) => (t, i)))
        {
            _templates[template.Name] = Begin(template, (uint)index, ids);
        }

        _ordered = [.. _templates.Values.OrderBy(t => t.Template.Name, StringComparer.Ordinal)];
        if (slots < _options.MaxSlots)
        {
            LogFewerSlots(slots);
        }

        foreach (var template in _ordered.Where(t => t.MissingReason is not null))
        {
            LogUnavailable(template.Template.Name, template.MissingReason!);
        }
    }

    /// <summary>Runs one program to its end; see <c>IWorkerLink.RunAsync</c> for the contract.</summary>
    public Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, CancellationToken cancellationToken) =>
        RunAsync(order, output, permission: null, cancellationToken);

    /// <summary>The same for a run that may start only once its sender has said so.</summary>
    /// <param name="order">What to run.</param>
    /// <param name="output">Hears of it while it runs.</param>
    /// <param name="permission">Asked once a slot is there, before the program starts; null: it may.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, IStartPermission? permission, CancellationToken cancellationToken)
    {
        if (!_templates.TryGetValue(order.Template, out var template))
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.UnknownTemplate,
                Detail = $"there is no template {order.Template}; known are {string.Join(", ", _ordered.Select(t => t.Template.Name))}",
            });
        }

        template.CheckServes(order);
        return _executor!.RunAsync(template, order, output, permission, cancellationToken);
    }

    /// <summary>Ends every program that runs now, and each that starts from here on, as <c>interrupted</c>: with a receipt, and with an answer.</summary>
    public void Interrupt() => _interruption.Cancel();

    public IAsyncEnumerable<ReceiptBatch> ReadReceiptsAsync(CancellationToken cancellationToken) => _journal!.ReadAsync(cancellationToken);

    public ValueTask AcknowledgeAsync(long position, CancellationToken cancellationToken)
    {
        _journal!.Acknowledge(position);
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends when every receipt has been acknowledged.</summary>
    public async Task WhenAcknowledgedAsync(CancellationToken cancellationToken)
    {
        while (_journal!.HasUnacknowledged)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, cancellationToken);
        }
    }

    /// <summary>The worker's CPU time; null before it has started, and where no cgroup measures it.</summary>
    public WorkerUsage? ReadUsage() => _books?.Read();

    /// <summary>What it has had since its start.</summary>
    public WorkerMeter ReadMeter()
    {
        var usage = ReadUsage();
        return new WorkerMeter
        {
            Incarnation = _incarnation,
            StartedAt = _startedAt,
            Lot = _options.Lot,
            Elapsed = _time.GetElapsedTime(_started),
            CpuMillis = _capacity.CpuMillis,
            MemoryBytes = _capacity.MemoryBytes,
            Overhead = usage?.Overhead.Total ?? TimeSpan.Zero,
            OverheadByteSeconds = (long)(usage?.MemoryByteSeconds ?? 0),
            Cpu = usage is null ? null : new WorkerCpu(usage.Total, usage.Billed, usage.Open),
        };
    }

    /// <summary>Interrupts what runs, with receipts, destroys every slot and leaves nothing on the machine.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _reactor.Post(() =>
        {
            foreach (var template in _ordered)
            {
                template.MaybePool?.Close();
            }

            closed.TrySetResult();
        });
        await closed.Task.WaitAsync(cancellationToken);
        while (_ordered.Any(t => t.MaybePool is { Busy: > 0 }))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), _time, cancellationToken);
        }

        if (_maker is not null)
        {
            await _maker.DrainAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A container that hands this out under two names disposes of it twice.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (!_stopping.IsCancellationRequested)
        {
            await StopAsync(CancellationToken.None);
        }

        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _reactor.Post(() =>
        {
            foreach (var template in _ordered)
            {
                template.MaybePool?.Dispose();
            }

            _brokers?.Dispose();
            disposed.TrySetResult();
        });
        await disposed.Task;
        foreach (var cgroup in ((SlotCgroup?[])[_overhead, _keeps]).OfType<SlotCgroup>())
        {
            await cgroup.DestroyAsync(_time, CancellationToken.None);
        }

        _housekeeping.Dispose();
        _reactor.Dispose();
        _filter?.Dispose();
        _cgroups?.Dispose();
        _stage?.Dispose();
        _openRuns?.Dispose();
        _journal?.Dispose();
        _stopping.Dispose();
        _interruption.Dispose();
    }

    /// <summary>The first that is executed of the stage, so the first to hear that nothing may be.</summary>
    private static async Task<SeccompFilter> CompileAsync(SeccompPolicy policy, Stage stage, CancellationToken cancellationToken)
    {
        try
        {
            return await SeccompFilter.CompileAsync(policy, stage.JailProgram, cancellationToken);
        }
        catch (Win32Exception e)
        {
            throw new WorkerStartException(MissingFeature.ExecutionSentence(Path.GetDirectoryName(stage.Location)!, (Errno)e.NativeErrorCode));
        }
    }

    private void CountBroker(int pid)
    {
        if (_keeps!.TryCount(pid) is var errno && errno != Errno.None)
        {
            LogNotCounted(errno);
        }
    }

    private TemplateRuntime Begin(Template template, uint index, IdRange ids)
    {
        var missing = TemplateAvailability.Reason(template, _options);
        SlotPool? pool = null;
        if (missing is null)
        {
            var staged = _stage!.Add(template);
            pool = new SlotPool(_reactor, template, _maker!, owner => SourceOf(template, staged, index, ids, owner), _time);
            _loops.Add(pool.RunAsync(_stopping.Token));
        }

        return new TemplateRuntime
        {
            Template = template,
            Keep = TemplateAvailability.KeepOf(template, _options),
            MaybePool = pool,
            MissingReason = missing,
        };
    }

    private ISlotSource SourceOf(Template template, StagedTemplate staged, uint index, IdRange ids, IWarmKeepOwner owner) => template.Profile switch
    {
        Profiles.Nsjail => Lone(template, NsjailWall.Of(_options.Nsjail!, template, staged, _stage!.Guest, _kafel!, ids), owner),
        Profiles.Gvisor => Lone(template, Gvisor(template, staged, ids), owner),
        _ => Warm(template, staged, index, ids, owner),
    };

    private GvisorWall Gvisor(Template template, StagedTemplate staged, IdRange ids)
    {
        var entries = RootEntries.Of(staged);
        var root = _stage!.AddPublic(template, "skeleton");
        SkeletonRoot.Build(root, entries);
        return new GvisorWall(_options.Runsc!, template, root, entries, _stage.Guest, _stage.AddPrivate(template, "containers"), ids, _filter!);
    }

    private LoneSlots Lone(Template template, ISlotWall wall, ISlotSourceOwner owner) => new(_reactor, template, wall, _brokers!, owner, _time);

    private WarmKeep Warm(Template template, StagedTemplate staged, uint index, IdRange ids, IWarmKeepOwner owner)
    {
        var recipe = new WarmKeepRecipe
        {
            Template = template,
            Staged = staged,
            Broker = _brokers!.GetAsync,
            Reactor = _reactor,
            Time = _time,
            Guest = _stage!.Guest,
            Filter = _filter!,
            Ids = ids,
            Nsjail = TemplateAvailability.NsjailFor(template, _options),
            Overhead = _overhead!,
            FirstKeepId = index << 20,
            MaxForks = _options.ZygoteMaxForks,
            MaxAge = _options.ZygoteMaxAge,
        };
        return new WarmKeep(_reactor, recipe, owner, _time);
    }

    /// <summary>Ends what a killed predecessor left running and bills it, and only then begins notes of its own.</summary>
    private async Task<OpenRunTable> BillInterruptedAsync(CancellationToken cancellationToken)
    {
        var notes = Path.Combine(_options.DataDirectory, "open-runs");
        var swept = await _cgroups!.SweepAsync(_time, cancellationToken);
        foreach (var cgroup in swept)
        {
            LogSweptCgroup(cgroup.Instance, cgroup.Name);
        }

        var billed = InterruptedRuns.Bill(OpenRunTable.ReadLeft(notes), swept, _cgroups.Report, _journal!);
        if (billed > 0)
        {
            LogInterrupted(billed);
        }

        return OpenRunTable.Create(notes, _options.MaxSlots);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker could not be moved into a cgroup of its own ({Errno}): what it and the keeps use is counted as this process's, if at all")]
    private partial void LogNotCounted(Errno errno);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What this process uses is not counted in the worker's cgroup: {Remarks}")]
    private partial void LogOwnNotCounted(string remarks);

    [LoggerMessage(Level = LogLevel.Information, Message = "Open files are limited: at most {Slots} slots at a time")]
    private partial void LogFewerSlots(int slots);

    [LoggerMessage(Level = LogLevel.Information, Message = "Swept what a predecessor left: {What}")]
    private partial void LogSwept(string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "Swept what a predecessor left: cgroup {Instance}/{Slot}")]
    private partial void LogSweptCgroup(string instance, string slot);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} runs were interrupted by the end of a predecessor and are billed as such")]
    private partial void LogInterrupted(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Template {Template} is not available: {Reason}")]
    private partial void LogUnavailable(string template, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Line}")]
    private partial void LogBroker(string line);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Handler} failed")]
    private partial void LogFault(Exception failure, string handler);
}
