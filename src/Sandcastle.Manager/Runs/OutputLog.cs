namespace Sandcastle.Manager.Runs;

/// <summary>
/// A run's output in the order of writing, for any number of readers that each begin at the first chunk: so a caller who comes
/// back with the same key sees the whole. Bounded by the run's output limit. Safe for concurrent use.
/// </summary>
public sealed class OutputLog
{
    private readonly Lock _gate = new();
    private readonly List<OutputChunk> _chunks = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _closed;

    /// <summary>Copies; called from the worker's event loop.</summary>
    public void Append(OutputKind kind, ReadOnlySpan<byte> bytes) => Append(new OutputChunk(kind, bytes.ToArray()));

    /// <summary>The run waits, as number <paramref name="place"/>.</summary>
    public void AppendPlace(int place) => Append(new OutputChunk(OutputKind.Queued, default, place));

    /// <summary>No more will come.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _changed.TrySetResult();
    }

    /// <summary>Takes the chunk at <paramref name="position"/> and moves on.</summary>
    public bool TryRead(ref int position, out OutputChunk chunk)
    {
        lock (_gate)
        {
            if (position < _chunks.Count)
            {
                chunk = _chunks[position++];
                return true;
            }

            chunk = default;
            return false;
        }
    }

    /// <summary>Completes when there is something at <paramref name="position"/> (true), or when there never will be (false).</summary>
    public async Task<bool> WaitAsync(int position, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (position < _chunks.Count)
                {
                    return true;
                }

                if (_closed)
                {
                    return false;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Append(OutputChunk chunk)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _chunks.Add(chunk);
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
