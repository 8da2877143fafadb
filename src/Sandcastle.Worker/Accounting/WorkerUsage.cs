namespace Sandcastle.Worker.Accounting;

/// <summary>Where a worker's CPU time went since its start, and the memory that nobody is charged for.</summary>
/// <param name="Total">The worker's cgroup: everything that ran in it.</param>
/// <param name="Billed">The sum of its receipts.</param>
/// <param name="Open">Slots that are being prepared, run or are being removed at this moment: what of theirs is in no other figure yet.</param>
/// <param name="Overhead">What no run is charged for.</param>
public sealed record WorkerUsage(TimeSpan Total, TimeSpan Billed, TimeSpan Open, OverheadUsage Overhead)
{
    /// <summary>
    /// What the worker's cgroup counted and nothing else did. <see cref="Total"/> is read first, so what is used while the rest is read makes
    /// this smaller, never larger.
    /// </summary>
    public TimeSpan Unaccounted => Total - Billed - Open - Overhead.Total;

    /// <summary>At this moment.</summary>
    public OverheadMemory? Memory { get; init; }

    /// <summary>The same over the time since the worker's start, in byte-seconds, by the trapezoid rule over the readings so far: an estimate.</summary>
    public double MemoryByteSeconds { get; init; }
}
