namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>
/// An allowance that fills at a steady rate up to a burst. What is taken may exceed what is there: the debt is paid before anything
/// else. Its owner holds a lock; time is since a start of the owner's choice and never goes back.
/// </summary>
internal sealed class TokenBucket
{
    /// <summary>Rounding must not leave a bucket short of what it has had the time for.</summary>
    private const double Grain = 1e-9;

    private double _level;
    private TimeSpan _at;

    /// <summary>Full.</summary>
    public TokenBucket(double perSecond, double burst, TimeSpan now)
    {
        (PerSecond, Burst, _level, _at) = (perSecond, burst, burst, now);
    }

    public double PerSecond { get; private set; }

    public double Burst { get; private set; }

    public bool IsFull(TimeSpan now) => Level(now) >= Burst - Grain;

    public double Level(TimeSpan now)
    {
        if (now > _at)
        {
            _level = Math.Min(Burst, _level + ((now - _at).TotalSeconds * PerSecond));
            _at = now;
        }

        return _level;
    }

    public void Take(double amount, TimeSpan now) => _level = Level(now) - amount;

    /// <summary>What was taken was not needed; no more is there for that than the burst.</summary>
    public void Return(double amount, TimeSpan now) => _level = Math.Min(Burst, Level(now) + amount);

    /// <summary>A new rate holds from now on; what was saved above the new burst is lost, a debt stays.</summary>
    public void Change(double perSecond, double burst, TimeSpan now)
    {
        Level(now);
        (PerSecond, Burst) = (perSecond, burst);
        _level = Math.Min(_level, burst);
    }

    /// <summary>At least <paramref name="wanted"/>, less a rounding error, is there.</summary>
    public bool Has(double wanted, TimeSpan now) => Level(now) >= wanted - Grain;

    /// <summary>How long until <see cref="Has"/>; null for never at this rate.</summary>
    public TimeSpan? Until(double wanted, TimeSpan now)
    {
        var missing = wanted - Level(now);
        return missing <= 0 ? TimeSpan.Zero : PerSecond <= 0 || wanted > Burst ? null : TimeSpan.FromSeconds(Math.Min(missing / PerSecond, TimeSpan.FromDays(31).TotalSeconds));
    }
}
