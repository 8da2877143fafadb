using Sandcastle.Manager.Admission;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Runs;

/// <summary>A run under way, or the handle of one that has ended. Safe for concurrent use.</summary>
public sealed class Run : IRunOutput
{
    // Continuations run where the worker's answer arrives: one hop less on the path that every request takes.
    private readonly TaskCompletionSource<RunRecord> _end = new();
    private readonly CancellationTokenSource? _cancellation;
    private readonly RunRecord _running;
    private volatile bool _started;

    internal Run(AdmittedRun admitted, bool live, CancellationToken clientGone)
    {
        var order = admitted.Order;
        _running = new RunRecord
        {
            Id = order.Id,
            Tenant = order.Tenant,
            Template = order.Template,
            Base64 = admitted.Base64,
            Metadata = admitted.Metadata,
        };
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(clientGone);
        Cancellation = _cancellation.Token;
        Output = live ? new OutputLog() : null;
    }

    /// <summary>The handle of a run that has ended before.</summary>
    internal Run(RunRecord ended)
    {
        _running = ended;
        _started = true;
        _end.SetResult(ended);
    }

    /// <summary>The handle of one that another manager carries.</summary>
    internal Run(RunId id, string tenant)
    {
        _running = new RunRecord { Id = id, Tenant = tenant, Template = "" };
        _started = true;
    }

    public RunId Id => _running.Id;

    public string Tenant => _running.Tenant;

    /// <summary>What is known while it runs.</summary>
    public RunRecord Running => _running;

    /// <summary>Output as it is written; null when nobody asked for it, and for a run that has ended before.</summary>
    public OutputLog? Output { get; }

    /// <summary>The end. Throws what kept the program from running: a refusal, or a failure of ours.</summary>
    public Task<RunRecord> Completion => _end.Task;

    /// <summary>The task that carries it; never fails.</summary>
    internal Task Execution { get; set; } = Task.CompletedTask;

    internal bool HasStarted => _started;

    /// <summary>Called once when the program has its job; set before a worker is asked.</summary>
    internal Action? WhenStarted { get; set; }

    internal CancellationToken Cancellation { get; }

    /// <summary>Kills the program, or takes it out of the queue. No effect on one that has ended.</summary>
    public void Cancel()
    {
        try
        {
            _cancellation?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    /// <summary>It waits, as number <paramref name="place"/> of its tenant's line.</summary>
    internal void Queued(int place) => Output?.Note(OutputKind.Queued, place);

    internal void End(RunRecord record)
    {
        Close();
        _end.SetResult(record);
    }

    internal void Fail(Exception reason)
    {
        Close();
        _end.SetException(reason);

        // A keyed run may end with nobody waiting; the failure is logged by then.
        _ = _end.Task.Exception;
    }

    bool IRunOutput.IsHeard => Output is not null;

    void IRunOutput.OnStarted()
    {
        // Told again by the next worker, where the first had no slot left that could take the job.
        if (_started)
        {
            return;
        }

        _started = true;
        Output?.Note(OutputKind.Started);
        WhenStarted?.Invoke();
    }

    void IRunOutput.OnStdout(ReadOnlySpan<byte> bytes) => Output?.Append(OutputKind.Stdout, bytes);

    void IRunOutput.OnStderr(ReadOnlySpan<byte> bytes) => Output?.Append(OutputKind.Stderr, bytes);

    private void Close()
    {
        Output?.Close();
        _cancellation?.Dispose();
    }
}
