using Grpc.Core;
using Sandcastle.Link.Mapping;
using Sandcastle.Link.V1;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Routing.Remote;

/// <summary>One run on a worker elsewhere: the manager's half of the conversation.</summary>
internal sealed class RemoteRun(string worker, RunOrder order, IRunOutput? output, TimeProvider clock)
{
    private const int MostLastWords = 100;

    private static readonly RunCommand Go = new() { Go = new Go() };
    private static readonly RunCommand Cancel = new() { Cancel = new Cancel() };

    // A gRPC stream takes one write at a time, and a cancellation may come while the order is being sent.
    private readonly Lock _gate = new();
    private Task _written = Task.CompletedTask;
    private bool _saidGo;
    private long _stdoutLeft = order.Limits.OutputBytes;
    private long _stderrLeft = order.Limits.OutputBytes;

    /// <exception cref="RefusalException">The worker's refusal.</exception>
    /// <exception cref="WorkerLostException">The connection broke, or the worker said what no worker says.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the program started.</exception>
    internal async Task<RunReport> RunAsync(WorkerLink.WorkerLinkClient client, CancellationToken cancellationToken)
    {
        var call = client.Run(CallOptions());
        try
        {
            await WriteAsync(call.RequestStream, new RunCommand { Order = order.ToWire(live: output is { IsHeard: true }, clock) });
            await using var cancelled = cancellationToken.UnsafeRegister(s => _ = SayCancelAsync((IClientStreamWriter<RunCommand>)s!), call.RequestStream);
            await foreach (var word in call.ResponseStream.ReadAllAsync(CancellationToken.None))
            {
                if (await HearAsync(word, call.RequestStream, cancellationToken) is { } report)
                {
                    return report;
                }
            }

            throw new IOException("it ended the conversation without a last word");
        }
        catch (Exception e) when (e is RpcException or IOException or InvalidOperationException or FormatException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A worker that stops cancels its calls: that is the worker's end, not the caller's wish.
            throw new WorkerLostException(worker, _saidGo, e);
        }
        finally
        {
            // Behind the answer: the two ends take leave, which takes a message each way.
            _ = LeaveAsync(call);
        }
    }

    /// <summary>
    /// Never throws. A call that is dropped instead would be reset, and a listener takes many resets for an attack. Who goes on talking for ever is not
    /// listened to.
    /// </summary>
    private async Task LeaveAsync(AsyncDuplexStreamingCall<RunCommand, RunEvent> call)
    {
        try
        {
            await InTurn(call.RequestStream.CompleteAsync);
            for (var words = 0; words < MostLastWords && await call.ResponseStream.MoveNext(CancellationToken.None); words++)
            {
            }
        }
        catch (Exception e) when (e is RpcException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // It is over in another way.
        }
        finally
        {
            call.Dispose();
        }
    }

    // The call is not bound to the caller's token: one that is cancelled has a report all the same.
    private static CallOptions CallOptions() => new();

    private async Task<RunReport?> HearAsync(RunEvent word, IClientStreamWriter<RunCommand> commands, CancellationToken cancellationToken)
    {
        switch (word.WordCase)
        {
            case RunEvent.WordOneofCase.Prepared:
                cancellationToken.ThrowIfCancellationRequested();
                _saidGo = true;
                await WriteAsync(commands, Go);
                return null;
            case RunEvent.WordOneofCase.Started:
                output?.OnStarted();
                return null;
            case RunEvent.WordOneofCase.Stdout:
                Count(ref _stdoutLeft, word.Stdout.Length);
                output?.OnStdout(word.Stdout.Span);
                return null;
            case RunEvent.WordOneofCase.Stderr:
                Count(ref _stderrLeft, word.Stderr.Length);
                output?.OnStderr(word.Stderr.Span);
                return null;
            case RunEvent.WordOneofCase.Report when word.Report.Receipt is not null:
                return Checked(word.Report.FromWire());
            case RunEvent.WordOneofCase.Refusal:
                throw new RefusalException(word.Refusal.FromWire());
            case RunEvent.WordOneofCase.Cancelled:
                throw new OperationCanceledException(cancellationToken);
            default:
                throw new IOException("it said something that this manager does not know");
        }
    }

    /// <summary>A worker keeps to the limit: one that does not would fill this process, which is everybody's.</summary>
    private static void Count(ref long left, int bytes)
    {
        if ((left -= bytes) < 0)
        {
            throw new IOException("it sent more output than the run may have");
        }
    }

    /// <summary>The answer is this run's, in its size and in whom it charges.</summary>
    private RunReport Checked(RunReport report)
    {
        var (stdoutLeft, stderrLeft) = (order.Limits.OutputBytes, order.Limits.OutputBytes);
        Count(ref stdoutLeft, report.Stdout.Length);
        Count(ref stderrLeft, report.Stderr.Length);
        return report.Receipt.Run == order.Id && report.Receipt.Tenant == order.Tenant && report.Receipt.Template == order.Template
            ? report
            : throw new IOException("it answered with another run's receipt");
    }

    private async Task SayCancelAsync(IClientStreamWriter<RunCommand> commands)
    {
        try
        {
            await WriteAsync(commands, Cancel);
        }
        catch (Exception e) when (e is RpcException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            // It has ended, or is lost: whoever reads its words hears so.
        }
    }

    private Task WriteAsync(IClientStreamWriter<RunCommand> commands, RunCommand word) => InTurn(() => commands.WriteAsync(word));

    private Task InTurn(Func<Task> write)
    {
        lock (_gate)
        {
            return _written = AfterAsync(_written, write);
        }
    }

    private static async Task AfterAsync(Task before, Func<Task> write)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await write();
    }
}
