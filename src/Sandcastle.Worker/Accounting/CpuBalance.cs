namespace Sandcastle.Worker.Accounting;

/// <summary>
/// CPU time of slots, split into what receipts charged and what nobody was charged. Both are summed from readings of their own, so that
/// the sum can be held against the worker's cgroup. Safe for concurrent use.
/// </summary>
internal sealed class CpuBalance
{
    private readonly long[] _overheadTicks = new long[Enum.GetValues<SlotOverhead>().Length];
    private long _billedTicks;

    internal TimeSpan Billed => new(Interlocked.Read(ref _billedTicks));

    internal TimeSpan Overhead(SlotOverhead part) => new(Interlocked.Read(ref _overheadTicks[(int)part]));

    internal void Bill(TimeSpan time) => Interlocked.Add(ref _billedTicks, time.Ticks);

    internal void AddOverhead(SlotOverhead part, TimeSpan time) => Interlocked.Add(ref _overheadTicks[(int)part], time.Ticks);
}
