namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>
/// This manager among those that live: each holds its part of every limit, so that together they hold the limit without asking each other. What
/// cannot be divided goes to the first ones, and each has at least one run.
/// </summary>
/// <param name="Count">Managers that live, this one among them; at least 1.</param>
/// <param name="Rank">This one's place among them, from 0.</param>
internal sealed record ManagerPart(int Count, int Rank)
{
    public static ManagerPart Alone { get; } = new(1, 0);

    public int Of(int limit) => Math.Max(Math.Min(limit, 1), (limit / Count) + (Rank < limit % Count ? 1 : 0));

    public double Of(double limit) => limit / Count;
}
