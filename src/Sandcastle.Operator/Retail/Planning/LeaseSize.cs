using Sandcastle.Operator.Resources.Tenants;

namespace Sandcastle.Operator.Retail.Planning;

/// <summary>How many credits a tenant's lease is to have.</summary>
internal static class LeaseSize
{
    /// <summary>
    /// The bucket of the greatest of: the floor; the measured CPU with headroom; the memory of what runs and of what waits; and, where runs
    /// were held back for the lease, more than there is now. Not above what the tenant's own limits let it use.
    /// </summary>
    /// <param name="spec">The tenant's.</param>
    /// <param name="use">What it uses.</param>
    /// <param name="held">What it holds.</param>
    internal static int Of(TenantSpec spec, TenantUse use, int held)
    {
        var used = Credit.For(use.CpuMillisP95 * RetailOptions.Headroom, use.CommittedMemoryMib + use.WaitingMemoryMib);
        var pressed = use.Pressed ? Buckets.Next(Buckets.Of(held)) : 0;
        return Math.Max(Floor(spec), Math.Min(Buckets.Of(Math.Max(used, pressed)), Cap(spec.Limits)));
    }

    internal static int Floor(TenantSpec spec) => Buckets.Of(spec.Floor.Credits);

    private static int Cap(TenantLimits limits)
    {
        // A credit is of both: only where both are limited does a limit bound the lease.
        if (limits.Cpu is not { } cpu || limits.Memory is not { } memory)
        {
            return Credit.Most;
        }

        return Buckets.Of(Credit.For((double)(cpu.Value() * 1000), (double)(memory.Value() / (1 << 20))));
    }
}
