namespace Sandcastle.Manager.Runs;

/// <summary>How many bytes of results this manager has in the ledger now. What does not fit is kept there without its output. Safe for concurrent use.</summary>
internal sealed class ResultBudget(RetentionOptions options, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Queue<(DateTimeOffset Until, long Bytes)> _taken = [];
    private long _bytes;

    /// <summary>Takes <paramref name="bytes"/> for as long as results are kept; false when there is no room for them.</summary>
    public bool TryTake(long bytes)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            while (_taken.TryPeek(out var oldest) && oldest.Until <= now)
            {
                _bytes -= _taken.Dequeue().Bytes;
            }

            if (bytes > options.ResultBytes || _bytes + bytes > options.Bytes)
            {
                return false;
            }

            _taken.Enqueue((now + options.Time, bytes));
            _bytes += bytes;
            return true;
        }
    }
}
