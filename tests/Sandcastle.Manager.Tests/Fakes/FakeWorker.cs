using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sandcastle.Manager.Routing;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>A worker that runs nothing: a test says what each run does, and sees the orders that came.</summary>
internal sealed class FakeWorker(string name = "worker-a") : IWorkerLink
{
    private readonly Lock _gate = new();
    private readonly List<Receipt> _journal = [];
    private readonly Channel<bool> _grown = Channel.CreateUnbounded<bool>();
    private readonly Channel<RunOrder> _orders = Channel.CreateUnbounded<RunOrder>();
    private readonly Channel<long> _acknowledgements = Channel.CreateUnbounded<long>();
    private readonly Channel<bool> _readings = Channel.CreateUnbounded<bool>();
    private long _forgotten;

    public string Name { get; } = name;

    public IReadOnlyList<TemplateStatus> Templates { get; set; } = [Template("python"), Template("bash") with { Language = "command" }];

    public bool IsDraining { get; set; }

    public int FreeSlots(string template) => Templates.FirstOrDefault(t => t.Name == template)?.SlotsReady ?? 0;

    /// <summary>What a run does; by default it prints <c>hello\n</c> and exits with 0.</summary>
    public Func<FakeRun, Task> Program { get; set; } = run =>
    {
        run.Stdout("hello\n"u8);
        return Task.CompletedTask;
    };

    public int RunCount { get; private set; }

    public long Acknowledged { get; private set; }

    /// <summary>Before anything is forgotten.</summary>
    public Action? Acknowledging { get; set; }

    /// <summary>What it says that it had.</summary>
    public WorkerMeter? Meter { get; set; }

    public static TemplateStatus Template(string name) => new()
    {
        Name = name,
        Description = $"the {name} template",
        Language = "python",
        Profile = "fork",
        Keep = "builtin",
        Defaults = RunLimits.Default,
        Maximums = RunLimits.Maximum,
        SlotsWanted = 2,
        SlotsReady = 2,
        SlotsBusy = 0,
    };

    public WorkerMeter? ReadMeter() => Meter;

    /// <summary>Ends when all up to this position is acknowledged.</summary>
    public async Task WhenAcknowledgedAsync(long position)
    {
        while (Acknowledged < position)
        {
            await _acknowledgements.Reader.ReadAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends when the journal is read from its start once more.</summary>
    public async Task WhenReadAsync() => await _readings.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>The next order that reaches this worker.</summary>
    public ValueTask<RunOrder> NextOrderAsync() => _orders.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            RunCount++;
        }

        _orders.Writer.TryWrite(order);
        var run = new FakeRun(order, output, cancellationToken);
        await Program(run);
        var report = run.Report(Name);
        lock (_gate)
        {
            _journal.Add(report.Receipt);
        }

        _grown.Writer.TryWrite(true);
        return report;
    }

    /// <summary>Puts receipts into the journal as if runs had ended.</summary>
    public void Journal(params Receipt[] receipts)
    {
        lock (_gate)
        {
            _journal.AddRange(receipts);
        }

        _grown.Writer.TryWrite(true);
    }

    public async IAsyncEnumerable<ReceiptBatch> ReadReceiptsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = _forgotten;
        _readings.Writer.TryWrite(true);
        while (true)
        {
            List<Receipt> fresh;
            lock (_gate)
            {
                fresh = _journal[(int)position..];
                position = _journal.Count;
            }

            if (fresh.Count > 0)
            {
                yield return new ReceiptBatch(position, fresh);
            }

            await _grown.Reader.ReadAsync(cancellationToken);
        }
    }

    public ValueTask AcknowledgeAsync(long position, CancellationToken cancellationToken)
    {
        Acknowledging?.Invoke();
        _forgotten = position;
        Acknowledged = position;
        _acknowledgements.Writer.TryWrite(position);
        return ValueTask.CompletedTask;
    }

    public static RefusalException NoCapacity() =>
        new(new Refusal { Kind = RefusalKind.NoCapacity, Detail = "this worker is full", RetryAfter = TimeSpan.FromMilliseconds(1500) });
}
