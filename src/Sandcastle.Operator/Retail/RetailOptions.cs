namespace Sandcastle.Operator.Retail;

/// <summary>How capacity is leased to tenants.</summary>
public sealed record RetailOptions
{
    /// <summary>How leases grow. Found to be impossible, slices give way to additive leases, and that is said.</summary>
    public LeaseGrowth Growth { get; init; } = LeaseGrowth.Slices;

    /// <summary>The ClusterQueue whose quota follows the admitted lots.</summary>
    public string Queue { get; init; } = "sandcastle-retail";

    /// <summary>
    /// Quota of the queue ÷ capacity of the admitted lots. 0.01 to 100. 1 by default: a lease already follows what is used, so that more
    /// would be sold than there is, and memory cannot be paid back as CPU can.
    /// </summary>
    public double Oversubscription { get; init; } = 1.0;

    /// <summary>How long more must be wanted than is leased before a lease grows.</summary>
    public TimeSpan GrowAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long less must be wanted before it shrinks, to the most that was wanted meanwhile.</summary>
    public TimeSpan ShrinkAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two changes of one tenant's lease.</summary>
    public TimeSpan ChangeEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two writes of the queue's quota.</summary>
    public TimeSpan QuotaEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Leases that are made in a second, of all tenants together. 1 to 1,000.</summary>
    public int LifecyclesPerSecond { get; init; } = 5;

    /// <summary>How old an answer of the managers may be and still count.</summary>
    public TimeSpan UseTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The measured 95th percentile is leased times this.</summary>
    internal const double Headroom = 1.2;

    /// <summary>Everything that cannot be so.</summary>
    internal IEnumerable<string> Faults()
    {
        (bool Holds, string Fault)[] checks =
        [
            (Queue.Length > 0, "Retail.Queue must not be empty"),
            (Oversubscription is >= 0.01 and <= 100, $"Retail.Oversubscription is {Oversubscription}; it must be between 0.01 and 100"),
            (GrowAfter >= TimeSpan.Zero, $"Retail.GrowAfter is {GrowAfter}; it must not be below 0"),
            (ShrinkAfter >= TimeSpan.Zero, $"Retail.ShrinkAfter is {ShrinkAfter}; it must not be below 0"),
            (ChangeEvery > TimeSpan.Zero, $"Retail.ChangeEvery is {ChangeEvery}; it must be above 0"),
            (QuotaEvery > TimeSpan.Zero, $"Retail.QuotaEvery is {QuotaEvery}; it must be above 0"),
            (UseTime > TimeSpan.Zero, $"Retail.UseTime is {UseTime}; it must be above 0"),
            (LifecyclesPerSecond is >= 1 and <= 1000, $"Retail.LifecyclesPerSecond is {LifecyclesPerSecond}; it must be between 1 and 1000"),
        ];
        return checks.Where(check => !check.Holds).Select(check => check.Fault);
    }
}
