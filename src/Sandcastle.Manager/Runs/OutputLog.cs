using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Runs;

/// <summary>
/// A run's output in the order of writing, for any number of readers that each begin at its beginning: so a caller who comes
/// back with the same key sees the whole. Bounded by the run's output limit. Safe for concurrent use.
/// </summary>
public sealed class OutputLog
{
    private readonly Lock _gate = new();
    private readonly OutputTape _tape = new();
    private bool _closed;

    /// <summary>Null while nobody waits.</summary>
    private TaskCompletionSource? _changed;

    /// <summary>Copies; called from the worker's event loop.</summary>
    public void Append(OutputKind kind, ReadOnlySpan<byte> bytes)
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            _tape.Append(kind, bytes);
            changed = TakeSignal();
        }

        changed?.SetResult();
    }

    /// <summary>The run waits, as number <paramref name="place"/>; or its program has its job.</summary>
    public void Note(OutputKind kind, int place = 0)
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            _tape.Note(kind, place);
            changed = TakeSignal();
        }

        changed?.SetResult();
    }

    /// <summary>No more will come.</summary>
    public void Close()
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            _closed = true;
            changed = TakeSignal();
        }

        changed?.SetResult();
    }

    /// <summary>Takes what is at <paramref name="position"/> and moves on.</summary>
    public bool TryRead(ref OutputPosition position, out OutputChunk chunk)
    {
        lock (_gate)
        {
            return _tape.TryRead(ref position, out chunk);
        }
    }

    /// <summary>Completes when there is something at <paramref name="position"/> (true), or when there never will be (false).</summary>
    public async Task<bool> WaitAsync(OutputPosition position, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                var next = position;
                if (_tape.TryRead(ref next, out _))
                {
                    return true;
                }

                if (_closed)
                {
                    return false;
                }

                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private TaskCompletionSource? TakeSignal()
    {
        var changed = _changed;
        _changed = null;
        return changed;
    }
}
