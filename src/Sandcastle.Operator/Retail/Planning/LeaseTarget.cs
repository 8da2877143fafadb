namespace Sandcastle.Operator.Retail.Planning;

/// <summary>When a lease takes the size that is wanted: growth soon, shrinking late, and neither too often.</summary>
internal sealed class LeaseTarget(RetailOptions options, TenantMemory memory, DateTimeOffset now)
{
    private readonly List<DateTimeOffset> _due = [];

    /// <summary>For the next plan, but for the time of a change, which is only known when it is planned.</summary>
    internal TenantMemory Memory { get; private set; } = memory;

    /// <summary>The times at which something would be decided otherwise.</summary>
    internal IReadOnlyList<DateTimeOffset> Due => _due;

    /// <param name="wanted">Null while nobody knows: then everything stays.</param>
    /// <param name="asked">What the lease asks for now.</param>
    /// <param name="held">What of this is held.</param>
    /// <param name="waitingSince">Since when the rest waits; null when nothing does.</param>
    /// <param name="changedAt">When the size last changed.</param>
    /// <returns>What it is to ask for.</returns>
    internal int Of(int? wanted, int asked, int held, DateTimeOffset? waitingSince, DateTimeOffset? changedAt)
    {
        var mayChange = IsOver(changedAt is null ? null : changedAt + options.ChangeEvery);
        if (wanted is not { } credits)
        {
            Memory = Memory with { MoreSince = null, LessSince = null, LessMost = 0 };
            return asked;
        }

        Memory = Memory with
        {
            MoreSince = credits > asked ? Memory.MoreSince ?? now : null,
            LessSince = credits < asked ? Memory.LessSince ?? now : null,
            LessMost = credits < asked ? Math.Max(Memory.LessMost, credits) : 0,
        };
        if (Memory.LessSince is { } less)
        {
            return IsOver(less + options.ShrinkAfter) && mayChange ? Memory.LessMost : asked;
        }

        if (waitingSince is { } since)
        {
            // What waits is never made larger; what has waited long asks for half of it, until something fits.
            var half = Math.Max(Buckets.Below(held + ((asked - held) / 2)), held == 0 ? 1 : 0);
            return half > held && half < asked && IsOver(since + options.ChangeEvery) && mayChange ? half : asked;
        }

        return Memory.MoreSince is { } more && IsOver(more + options.GrowAfter) && mayChange ? credits : asked;
    }

    private bool IsOver(DateTimeOffset? time)
    {
        if (time is not { } at || now >= at)
        {
            return true;
        }

        _due.Add(at);
        return false;
    }
}
