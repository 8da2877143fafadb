using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Errors;
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
    private readonly TemplateRuntimes _templates;
    private readonly WorkerCapacity _capacity = WorkerCapacity.Read();
    private readonly string _incarnation = Guid.NewGuid().ToString("N");
    private readonly DateTimeOffset _startedAt;
    private readonly long _started;
    private Stage? _stage;
    private CgroupTree? _cgroups;
    private SlotCgroup? _overhead;
    private SlotCgroup? _keeps;
    private WorkerBooks? _books;
    private ReceiptJournal? _journal;
    private OpenRunTable? _openRuns;
    private BrokerSupply? _brokers;
    private SlotMaker? _maker;
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
        _templates = new TemplateRuntimes(_reactor, time);
    }

    public string Name => _options.Name;

    /// <summary>What is offered now, in name order.</summary>
    public IReadOnlyList<TemplateStatus> Templates => [.. _templates.InOrder.Select(t => t.Status())];

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
        var predecessor = new Predecessor(_logger);
        predecessor.SweepStages(location);
        Directory.CreateDirectory(_options.DataDirectory);
        _journal = ReceiptJournal.Open(Path.Combine(_options.DataDirectory, "journal"));
        _cgroups = CgroupTree.Create(new CgroupOptions { Root = _options.CgroupRoot, IncludeOwnProcess = _options.CountsOwnProcess });
        WorkerRequirements.CheckEnforcement(_options, _cgroups.Report);
        if (_options.CountsOwnProcess && _cgroups.ReadOwnCpu() is null)
        {
            LogOwnNotCounted(string.Join(' ', _cgroups.Report.Remarks));
        }

        var notes = Path.Combine(_options.DataDirectory, "open-runs");
        await predecessor.BillAsync(notes, _cgroups, _journal, _time, cancellationToken);
        _openRuns = OpenRunTable.Create(notes, _options.MaxSlots);

        _stage = Stage.Create(location, _options.NativeDirectory, _options.GuestDirectory);
        var policy = SeccompPolicy.Load(_options.PolicyDirectory);
        var filter = await CompileAsync(policy, _stage, cancellationToken);
        _filter = Memfd.Create("sandcastle-filter", filter.Program);
        var kafel = _options.Nsjail is not null && templates.Any(template => template.Profile == Profiles.Nsjail)
            ? KafelPolicy.Render(policy, await SeccompNumbers.ReadAsync(_stage.JailProgram, cancellationToken))
            : null;
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
        _templates.Begin(templates, _options, Sources(ids, kafel), _maker, _stopping.Token);
        if (slots < _options.MaxSlots)
        {
            LogFewerSlots(slots);
        }

        foreach (var template in _templates.InOrder.Where(t => t.MissingReason is not null))
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
        var template = _templates.Get(order.Template);
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
        await _templates.CloseAsync(cancellationToken);
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

        await _templates.EndAsync(_brokers);
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

    private SlotSources Sources(IdRange ids, string? kafel) => new()
    {
        Options = _options,
        Reactor = _reactor,
        Stage = _stage!,
        Brokers = _brokers!,
        Zygotes = _overhead!,
        Ids = ids,
        Filter = _filter!,
        Kafel = kafel,
        Time = _time,
    };

    private void CountBroker(int pid)
    {
        if (_keeps!.TryCount(pid) is var errno && errno != Errno.None)
        {
            LogNotCounted(errno);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker could not be moved into a cgroup of its own ({Errno}): what it and the keeps use is counted as this process's, if at all")]
    private partial void LogNotCounted(Errno errno);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What this process uses is not counted in the worker's cgroup: {Remarks}")]
    private partial void LogOwnNotCounted(string remarks);

    [LoggerMessage(Level = LogLevel.Information, Message = "Open files are limited: at most {Slots} slots at a time")]
    private partial void LogFewerSlots(int slots);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Template {Template} is not available: {Reason}")]
    private partial void LogUnavailable(string template, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Line}")]
    private partial void LogBroker(string line);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Handler} failed")]
    private partial void LogFault(Exception failure, string handler);
}
