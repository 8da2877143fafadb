using System.Globalization;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Resources.Tenants;

namespace Sandcastle.Operator.Retail.Planning;

/// <summary>What the ledger says of a lease.</summary>
/// <param name="State">One of Kueue's: Ready, Retry or Rejected.</param>
/// <param name="Message">Why, in one sentence.</param>
/// <param name="After">For Retry: how long the budget takes to refill, in whole seconds. The pause that Kueue is told when the lease has let go.</param>
internal sealed record LedgerVerdict(string State, string Message, int After = 0)
{
    /// <summary>What Kueue is told where managers do not say when a spent budget refills.</summary>
    private const int AfterUnknown = 60;

    internal bool IsReady => State == Names.CheckReady;

    /// <summary>
    /// Ready while the budget lasts, also while managers are silent: they enforce the budget themselves, and a lease is no spending. Retry
    /// when it is spent. Rejected where no time would help: a budget of nothing, or a Workload that bears a lease's label and is nobody's lease.
    /// </summary>
    internal static LedgerVerdict Of(Tenant? tenant, TenantUse? use, DateTimeOffset now)
    {
        if (tenant is null)
        {
            return new(Names.CheckRejected, "No Tenant of this namespace owns this workload: retail capacity is leased to Tenants alone");
        }

        if (Nothing(tenant.Spec.Budget) is { } period)
        {
            return new(Names.CheckRejected, $"The budget of tenant {tenant.Metadata.Namespace} is nothing: spec.budget.{period} is 0");
        }

        if (use is not { BudgetSpent: true })
        {
            return new(Names.CheckReady, "Within the budget");
        }

        // A second later than that: managers read the ledger every few seconds, and one try too early costs an eviction.
        var after = use.BudgetRefillsAt is { } at ? (int)Math.Clamp(Math.Ceiling((at - now).TotalSeconds) + 1, 1, int.MaxValue) : AfterUnknown;
        var until = use.BudgetRefillsAt is { } time ? $" until {time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : "";
        return new(Names.CheckRetry, $"The budget of tenant {tenant.Metadata.Namespace} is spent{until}", after);
    }

    private static string? Nothing(TenantBudget budget)
    {
        foreach (var (name, amount) in new[] { ("hour", budget.Hour), ("day", budget.Day), ("month", budget.Month) })
        {
            if (amount?.CpuSeconds == 0)
            {
                return name + ".cpuSeconds";
            }

            if (amount?.GibSeconds == 0)
            {
                return name + ".gibSeconds";
            }
        }

        return null;
    }
}
