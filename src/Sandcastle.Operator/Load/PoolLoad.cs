namespace Sandcastle.Operator.Load;

/// <summary>What managers said of one pool's workers, all of them at one time.</summary>
public sealed record PoolLoad
{
    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>By Pod.</summary>
    public required IReadOnlyDictionary<string, WorkerLoad> Workers { get; init; }

    /// <summary>Runs that wait for the pool, and are at no worker yet.</summary>
    public int Unplaced { get; init; }

    public int Busy => Workers.Values.Sum(worker => worker.SlotsBusy);

    public int Ready => Workers.Values.Where(worker => !worker.Draining).Sum(worker => worker.SlotsReady);

    public int Wanted => Unplaced + Workers.Values.Sum(worker => worker.RunsWaiting);
}
