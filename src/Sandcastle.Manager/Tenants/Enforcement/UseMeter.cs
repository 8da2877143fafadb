namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>
/// Measured CPU by second, of the last minute: a receipt's CPU is spread evenly over its run's wall time, so that a run shows in the
/// seconds in which it ran, once it has ended. Its owner holds a lock.
/// </summary>
internal sealed class UseMeter
{
    public const int Samples = 60;
    private const int MeanOver = 10;

    /// <summary>One more than is told: the second that is still going on.</summary>
    private readonly double[] _micros = new double[Samples + 1];

    private long _second;

    public void Add(TimeSpan end, TimeSpan wall, long cpuMicros)
    {
        Advance(end);
        var start = wall < end ? end - wall : TimeSpan.Zero;
        var (first, last) = ((long)start.TotalSeconds, (long)end.TotalSeconds);
        if (first == last)
        {
            _micros[last % _micros.Length] += cpuMicros;
            return;
        }

        var perSecond = cpuMicros / (end - start).TotalSeconds;
        for (var second = Math.Max(first, last - Samples); second <= last; second++)
        {
            var from = Math.Max(start.TotalSeconds, second);
            var to = Math.Min(end.TotalSeconds, second + 1);
            _micros[second % _micros.Length] += perSecond * (to - from);
        }
    }

    /// <summary>1,000 is one core; the second that is going on is left out.</summary>
    public long MeanMillis(TimeSpan now)
    {
        Advance(now);
        var sum = 0.0;
        for (var back = 1; back <= MeanOver; back++)
        {
            sum += At(back);
        }

        return (long)Math.Round(sum / MeanOver / 1000);
    }

    /// <summary>The 95th percentile, by nearest rank.</summary>
    public long P95Millis(TimeSpan now)
    {
        Advance(now);
        var samples = new double[Samples];
        for (var back = 1; back <= Samples; back++)
        {
            samples[back - 1] = At(back);
        }

        Array.Sort(samples);
        return (long)Math.Round(samples[(int)Math.Ceiling(Samples * 0.95) - 1] / 1000);
    }

    private double At(int secondsBack) => _second - secondsBack < 0 ? 0 : _micros[(_second - secondsBack) % _micros.Length];

    private void Advance(TimeSpan now)
    {
        var second = (long)now.TotalSeconds;
        for (var passed = Math.Max(_second + 1, second - Samples); passed <= second; passed++)
        {
            _micros[passed % _micros.Length] = 0;
        }

        _second = Math.Max(_second, second);
    }
}
