using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>One run inside a <see cref="FakeWorker"/>: what its program writes, and how it ends.</summary>
internal sealed class FakeRun(RunOrder order, IRunOutput? output, CancellationToken cancelled)
{
    private readonly List<byte> _stdout = [];
    private readonly List<byte> _stderr = [];
    private bool _started;

    public RunOrder Order { get; } = order;

    public CancellationToken Cancelled { get; } = cancelled;

    public Outcome Outcome { get; set; } = Outcome.Succeeded;

    public int? ExitCode { get; set; } = 0;

    public int? Signal { get; set; }

    public IReadOnlyList<RunFile> Files { get; set; } = [];

    public void Start()
    {
        if (!_started)
        {
            _started = true;
            output?.OnStarted();
        }
    }

    public void Stdout(ReadOnlySpan<byte> bytes)
    {
        Start();
        _stdout.AddRange(bytes);
        output?.OnStdout(bytes);
    }

    public void Stderr(ReadOnlySpan<byte> bytes)
    {
        Start();
        _stderr.AddRange(bytes);
        output?.OnStderr(bytes);
    }

    /// <summary>Runs until it is cancelled, and ends as a killed program does.</summary>
    public async Task UntilCancelledAsync()
    {
        Start();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = Cancelled.Register(told.SetResult);
        await told.Task.WaitAsync(TestContext.Current.CancellationToken);
        (Outcome, ExitCode, Signal) = (Outcome.Cancelled, null, 9);
    }

    public RunReport Report(string worker)
    {
        Start();
        return new RunReport
        {
            Outcome = Outcome,
            ExitCode = ExitCode,
            Signal = Signal,
            Stdout = _stdout.ToArray(),
            Stderr = _stderr.ToArray(),
            StdoutTruncated = false,
            StderrTruncated = false,
            Files = Files,
            Timings = new RunTimings(
                TimeSpan.FromMilliseconds(0.25), TimeSpan.FromMilliseconds(0.5), TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(4)),
            Receipt = Receipts.Of(Order, Outcome, worker) with { ExitCode = ExitCode, Signal = Signal, OutputBytes = _stdout.Count + _stderr.Count },
        };
    }
}
