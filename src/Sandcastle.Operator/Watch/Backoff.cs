namespace Sandcastle.Operator.Watch;

/// <summary>Waits that double, from 100 ms to 10 s, each between half of that and all, so that many that broke together do not come back together.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    private int _failures;

    internal void Reset() => _failures = 0;

    internal Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Next(), time, cancellationToken);

    internal TimeSpan Next() => Spread(Of(_failures++));

    /// <summary>The wait after so many failures, before it is spread.</summary>
    internal static TimeSpan Of(int failures) => TimeSpan.FromTicks(Math.Min(Most.Ticks, First.Ticks << Math.Min(failures, 20)));

#pragma warning disable CA5394 // Nobody gains anything by guessing a wait.
    private static TimeSpan Spread(TimeSpan wait) => wait / 2 + (wait / 2 * Random.Shared.NextDouble());
#pragma warning restore CA5394
}
