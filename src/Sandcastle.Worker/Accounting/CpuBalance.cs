using Sandcastle.Worker.Cgroups;

namespace Sandcastle.Worker.Accounting;

/// <summary>
/// CPU time of slots, split into what receipts charged and what nobody was charged: preparing, and dying. Both are summed from
/// readings of their own, so that the sum can be held against the worker's cgroup. Safe for concurrent use.
/// </summary>
internal sealed class CpuBalance
{
    private long _billedTicks;
    private long _overheadTicks;

    internal TimeSpan Billed => new(Interlocked.Read(ref _billedTicks));

    /// <summary>Of slots only; zygotes are read where they are.</summary>
    internal TimeSpan Overhead => new(Interlocked.Read(ref _overheadTicks));

    internal void Bill(TimeSpan time) => Interlocked.Add(ref _billedTicks, time.Ticks);

    internal void AddOverhead(TimeSpan time) => Interlocked.Add(ref _overheadTicks, time.Ticks);

    /// <summary>A slot's last reading, when nothing runs in it any more.</summary>
    /// <param name="last">Since its making.</param>
    /// <param name="accounted">How much of it was billed or counted as overhead already.</param>
    internal void Close(CpuReading last, TimeSpan accounted) => AddOverhead(last.Total - accounted);
}
