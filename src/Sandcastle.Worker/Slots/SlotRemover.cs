using Microsoft.Extensions.Logging;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Errors;
using Sandcastle.Worker.Accounting;

namespace Sandcastle.Worker.Slots;

/// <summary>
/// Sees slots to their very end: descriptors, last readings, cgroup. It looks at all that are ending in rounds, a few milliseconds apart,
/// on the housekeeping thread; nobody waits for it.
/// </summary>
internal sealed partial class SlotRemover : IDeadlineHandler
{
    private static readonly TimeSpan FirstRound = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan LongestRound = TimeSpan.FromMilliseconds(50);

    /// <summary>A slot that gives way to others and is not gone after this gets its share of the CPUs again.</summary>
    private static readonly TimeSpan GivesWayFor = TimeSpan.FromMilliseconds(40);

    /// <summary>The kernel ends a slot's processes in a moment; what is left after this is killed by its cgroup.</summary>
    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(1);

    /// <summary>Nobody who stops the worker waits longer than this for what the kernel does not let go; we look on.</summary>
    private static readonly TimeSpan LeftBehindAfter = TimeSpan.FromSeconds(10);

    private readonly Reactor _housekeeping;
    private readonly CpuBalance _balance;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<Slot> _gone;
    private readonly Deadline _round;
    private List<Ending> _endings = [];
    private TimeSpan _pause = FirstRound;
    private int _count;

    /// <param name="housekeeping">Whose thread it works on.</param>
    /// <param name="balance">Gets each slot's last reading.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Hears of what could not be removed.</param>
    /// <param name="gone">Called when nothing of the slot is left, on the housekeeping thread.</param>
    internal SlotRemover(Reactor housekeeping, CpuBalance balance, TimeProvider time, ILogger logger, Action<Slot> gone)
    {
        (_housekeeping, _balance, _time, _logger, _gone) = (housekeeping, balance, time, logger, gone);
        _round = new Deadline(this);
    }

    /// <summary>Slots that are not gone yet and will be in a moment.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Takes over a slot that has left the reactor.</summary>
    internal void Add(Slot slot)
    {
        Interlocked.Increment(ref _count);
        _housekeeping.Post(() => Receive(slot));
    }

    public void OnDeadline(Deadline deadline)
    {
        var before = _endings.Count;
        _endings = [.. _endings.Where(ending => !IsOver(ending))];
        if (_endings.Count > 0)
        {
            _pause = _endings.Count < before ? FirstRound : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestRound.Ticks));
            _housekeeping.Schedule(_round, _pause);
        }
    }

    private void Receive(Slot slot)
    {
        slot.Dispose();
        _endings.Add(new Ending(slot, _time.GetTimestamp()));
        if (_endings.Count == 1)
        {
            _pause = FirstRound;
            _housekeeping.Schedule(_round, _pause);
        }
    }

    private bool IsOver(Ending ending)
    {
        var age = _time.GetElapsedTime(ending.Since);
        bool over;
        try
        {
            over = TryRemove(ending, age);
        }
        catch (Exception e) when (e is IOException or LinuxException)
        {
            LogFailed(e, ending.Slot.Cgroup.Name);
            over = true;
        }

        if (!ending.IsLeftBehind && (over || age > LeftBehindAfter))
        {
            ending.IsLeftBehind = true;
            Interlocked.Decrement(ref _count);
            if (!over)
            {
                LogLeft(ending.Slot.Cgroup.Name);
            }
        }

        // Not before: as long as one process has the slot's uid no other slot may get it.
        if (over)
        {
            Forget(ending.Slot);
            _gone(ending.Slot);
        }

        return over;
    }

    /// <summary>What else was made for it. Where that cannot be removed the others still can, and the stage is removed whole at the end.</summary>
    private void Forget(Slot slot)
    {
        try
        {
            slot.Source.OnGone(slot);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogFailed(e, slot.Cgroup.Name);
        }
    }

    private bool TryRemove(Ending ending, TimeSpan age)
    {
        var cgroup = ending.Slot.Cgroup;
        if (cgroup.IsPopulated())
        {
            if (age > GivesWayFor)
            {
                cgroup.Yield(yields: false);
            }

            if (age > KillAfter)
            {
                cgroup.Kill();
            }

            return false;
        }

        if (!ending.IsRead)
        {
            ending.IsRead = true;
            var last = cgroup.ReadCpu() ?? default;
            _balance.AddOverhead(SlotOverhead.Removal, ending.Slot.Baseline.AccountUpTo(last.Total));
        }

        return cgroup.TryDestroy();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Slot} is not gone yet; its id stays taken until it is")]
    private partial void LogLeft(string slot);

    [LoggerMessage(Level = LogLevel.Error, Message = "slot {Slot} could not be destroyed")]
    private partial void LogFailed(Exception failure, string slot);

    private sealed class Ending(Slot slot, long since)
    {
        internal Slot Slot => slot;

        internal long Since => since;

        internal bool IsRead { get; set; }

        /// <summary>Not counted any more.</summary>
        internal bool IsLeftBehind { get; set; }
    }
}
