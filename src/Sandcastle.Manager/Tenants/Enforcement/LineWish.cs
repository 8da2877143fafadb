namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>How long a run would rather wait than be refused, and who wants to know its place.</summary>
/// <param name="MostWait">From the moment at which it was accepted; zero for not at all.</param>
/// <param name="Tell">Told the place in the tenant's line, from 1, at first and as it goes on; null for nobody. Returns at once.</param>
public readonly record struct LineWish(TimeSpan MostWait, Action<int>? Tell)
{
    public bool Waits => MostWait > TimeSpan.Zero;
}
