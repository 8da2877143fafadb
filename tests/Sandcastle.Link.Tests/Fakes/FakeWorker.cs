using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;
using Sandcastle.Worker.Api;
using Sandcastle.Worker.Runs;

namespace Sandcastle.Link.Tests.Fakes;

/// <summary>A worker behind the wire that runs nothing: a test says what its programs do, and counts those that were started.</summary>
internal sealed class FakeWorker(string name = "worker-a") : IWorker
{
    private readonly Channel<Receipt> _journal = Channel.CreateUnbounded<Receipt>();
    private readonly List<Receipt> _receipts = [];
    private readonly TaskCompletionSource _interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _started;

    public string Name { get; } = name;

    public IReadOnlyList<TemplateStatus> Templates { get; set; } = [Samples.Template()];

    /// <summary>What it says that it had.</summary>
    public WorkerMeter? Meter { get; set; }

    public WorkerMeter? ReadMeter() => Meter;

    /// <summary>Programs that were started: had their permission.</summary>
    public int Started => Volatile.Read(ref _started);

    public long Acknowledged { get; private set; }

    /// <summary>Every word of it, in order.</summary>
    public ConcurrentQueue<long> Acknowledgements { get; } = [];

    /// <summary>Ends when this many receipts are acknowledged.</summary>
    public TaskCompletionSource AllAcknowledged { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Before a slot is there.</summary>
    public Func<CancellationToken, Task> Slot { get; set; } = _ => Task.CompletedTask;

    /// <summary>What a program does once it runs, and how it ends.</summary>
    public Func<IRunOutput?, CancellationToken, Task<Outcome>> Program { get; set; } = (output, _) =>
    {
        output?.OnStdout("hello\n"u8);
        return Task.FromResult(Outcome.Succeeded);
    };

    /// <summary>A program that runs until it is ended.</summary>
    public static async Task<Outcome> UntilEnded(IRunOutput? output, CancellationToken ended)
    {
        await Task.Delay(Timeout.Infinite, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Outcome.Cancelled;
    }

    public async Task<RunReport> RunAsync(RunOrder order, IRunOutput? output, IStartPermission? permission, CancellationToken cancellationToken)
    {
        await Slot(cancellationToken);
        await (permission?.AskAsync(cancellationToken) ?? Task.CompletedTask);
        Interlocked.Increment(ref _started);
        output?.OnStarted();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var program = Program(output, ended.Token);
        await Task.WhenAny(program, _interrupted.Task);
        await ended.CancelAsync();
        var outcome = await program;
        if (_interrupted.Task.IsCompleted)
        {
            outcome = Outcome.Interrupted;
        }

        var report = Samples.Report(order, outcome, Name);
        Journal(report.Receipt);
        return report;
    }

    public void Interrupt() => _interrupted.TrySetResult();

    public void Journal(Receipt receipt)
    {
        lock (_receipts)
        {
            _receipts.Add(receipt);
        }

        _journal.Writer.TryWrite(receipt);
    }

    public async IAsyncEnumerable<ReceiptBatch> ReadReceiptsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = Acknowledged;
        while (true)
        {
            List<Receipt> fresh;
            lock (_receipts)
            {
                fresh = _receipts[(int)position..];
                position = _receipts.Count;
            }

            if (fresh.Count > 0)
            {
                yield return new ReceiptBatch(position, fresh);
            }

            await _journal.Reader.WaitToReadAsync(cancellationToken);
            _journal.Reader.TryRead(out _);
        }
    }

    public ValueTask AcknowledgeAsync(long position, CancellationToken cancellationToken)
    {
        Acknowledged = position;
        Acknowledgements.Enqueue(position);
        lock (_receipts)
        {
            if (position == _receipts.Count)
            {
                AllAcknowledged.TrySetResult();
            }
        }

        return ValueTask.CompletedTask;
    }
}
