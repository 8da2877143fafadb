namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>The gate's time: steady for rates and waits, the calendar's for budgets.</summary>
internal sealed class GateClock(TimeProvider provider)
{
    private readonly long _start = provider.GetTimestamp();

    public TimeProvider Provider { get; } = provider;

    public TimeSpan Now => Provider.GetElapsedTime(_start);

    public DateTimeOffset Utc => Provider.GetUtcNow();
}
