using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>
/// What one tenant holds and has used, against what it may: reserved when a run is admitted, given back at its end, with what its receipt says
/// booked. Its owner holds a lock.
/// </summary>
internal sealed class TenantReserve
{
    /// <summary>What a bucket of CPU holds at most: a tenant that was quiet may use so much of its rate at once.</summary>
    private const double CpuBurstSeconds = 10;

    private const double FirstMeanMicros = 10_000;
    private const double LeastMeanMicros = 1000;
    private const double MeanWeight = 0.1;

    private readonly GateClock _clock;
    private readonly UseMeter _meter = new();
    private TenantHold _hold;
    private TokenBucket? _cpu;
    private TokenBucket? _starts;
    private double _meanWallMicros = FirstMeanMicros;

    public TenantReserve(TenantHold hold, GateClock clock)
    {
        (_hold, _clock) = (hold, clock);
        Apply(hold);
    }

    /// <summary>The limits in force. May be read without the lock.</summary>
    public TenantHold Hold => Volatile.Read(ref _hold);

    public BudgetUse Budget { get; } = new();

    public int Running { get; private set; }

    /// <summary>Memory limits of the runs under way, in bytes.</summary>
    public long Committed { get; private set; }

    /// <summary>Of the tenant's runs, by the newest most. May be read without the lock.</summary>
    public double MeanWallMicros => Volatile.Read(ref _meanWallMicros);

    public PeriodUse? Spent => Budget.Spent(_hold.Terms.Budget, _clock.Utc);

    public double CpuDebtSeconds => -(_cpu?.Level(_clock.Now) ?? 0) / 1e6;

    public long MeanCpuMillis => _meter.MeanMillis(_clock.Now);

    public long P95CpuMillis => _meter.P95Millis(_clock.Now);

    /// <summary>Nothing is held, and nothing is owed.</summary>
    public bool IsAtRest => Running == 0 && _cpu?.IsFull(_clock.Now) != false && _starts?.IsFull(_clock.Now) != false;

    public void Apply(TenantHold hold)
    {
        Volatile.Write(ref _hold, hold);
        var now = _clock.Now;
        _cpu = Bucket(_cpu, hold.CpuMicrosPerSecond, hold.CpuMicrosPerSecond * CpuBurstSeconds, now);
        _starts = Bucket(_starts, hold.StartsPerSecond, Math.Max(1, hold.StartsPerSecond ?? 1), now);
    }

    public void Take(RunOrder order)
    {
        Running++;
        Committed += order.Limits.MemoryBytes;
        _starts?.Take(1, _clock.Now);
    }

    public void Give(long memoryBytes, bool started)
    {
        Running--;
        Committed -= memoryBytes;
        if (!started)
        {
            _starts?.Return(1, _clock.Now);
        }
    }

    public void Book(Receipt receipt)
    {
        var now = _clock.Now;
        _cpu?.Take(receipt.CpuMicros, now);
        Budget.Add(receipt, _clock.Utc);
        _meter.Add(now, TimeSpan.FromMicroseconds(receipt.WallMicros), receipt.CpuMicros);
        Volatile.Write(ref _meanWallMicros, Math.Max(LeastMeanMicros, _meanWallMicros + (MeanWeight * (receipt.WallMicros - _meanWallMicros))));
    }

    /// <summary>Of a run that was lost: when it used that, and how long it took, nobody knows, so neither meter nor mean learns of it.</summary>
    public void BookLate(Receipt receipt)
    {
        _cpu?.Take(receipt.CpuMicros, _clock.Now);
        Budget.Add(receipt, _clock.Utc);
    }

    /// <summary>What holds a run back; null where it may start. What lasts longest is told first.</summary>
    public Hold? Look(RunOrder order)
    {
        var now = _clock.Now;
        if (Spent is { } spent)
        {
            return new Hold(HeldFor.Budget, spent.End - _clock.Utc);
        }

        if (order.Limits.MemoryBytes > _hold.MostOfOne)
        {
            return new Hold(HeldFor.MemoryOfOne, null);
        }

        if (Running >= _hold.Runs)
        {
            return new Hold(HeldFor.ConcurrentRuns, NextEnd());
        }

        if (LookAtMemory(order.Limits.MemoryBytes) is { } held)
        {
            return held;
        }

        if (_cpu?.Level(now) <= 0)
        {
            return new Hold(HeldFor.Cpu, _cpu.Until(1, now), _hold.CpuIsLeased);
        }

        return _starts?.Has(1, now) == false ? new Hold(HeldFor.RunsPerSecond, _starts.Until(1, now)) : null;
    }

    private static TokenBucket? Bucket(TokenBucket? bucket, double? perSecond, double? burst, TimeSpan now)
    {
        if (perSecond is not { } rate)
        {
            return null;
        }

        bucket?.Change(rate, burst!.Value, now);
        return bucket ?? new TokenBucket(rate, burst!.Value, now);
    }

    private Hold? LookAtMemory(long asked)
    {
        if (IsTooMuch(asked, _hold.Memory))
        {
            return new Hold(HeldFor.Memory, NextEnd());
        }

        return IsTooMuch(asked, _hold.LeasedMemory) || asked > _hold.Terms.Lease?.MemoryMib << 20
            ? new Hold(HeldFor.Memory, Running > 0 ? NextEnd() : null, OfLease: true)
            : null;
    }

    /// <summary>A manager's part may be less than one run's memory: then one run has it to itself.</summary>
    private bool IsTooMuch(long asked, long? most) => Committed + asked > most && Committed > 0;

    /// <summary>When the next of its runs may end, by the mean of those before.</summary>
    private TimeSpan NextEnd() => TimeSpan.FromMicroseconds(Math.Max(LeastMeanMicros, _meanWallMicros / Math.Max(1, Running)));
}
