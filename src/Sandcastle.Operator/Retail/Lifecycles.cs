namespace Sandcastle.Operator.Retail;

/// <summary>Leases that are made, so many in any second, of all tenants together. Thread-safe.</summary>
internal sealed class Lifecycles(int perSecond, TimeProvider time)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<long> _begun = new();

    /// <returns>Null: one may be made, and counts as made. Else how long until then.</returns>
    internal TimeSpan? Take()
    {
        lock (_gate)
        {
            while (_begun.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Second)
            {
                _begun.Dequeue();
            }

            if (_begun.Count < perSecond)
            {
                _begun.Enqueue(time.GetTimestamp());
                return null;
            }

            return Second - time.GetElapsedTime(_begun.Peek());
        }
    }
}
