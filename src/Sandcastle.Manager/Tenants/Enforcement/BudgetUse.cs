using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>A tenant's use in all periods, beside its budget. Its owner holds a lock.</summary>
internal sealed class BudgetUse
{
    private readonly PeriodUse[] _periods = [new(BudgetPeriod.Hour), new(BudgetPeriod.Day), new(BudgetPeriod.Month)];

    public void Add(Receipt receipt, DateTimeOffset now)
    {
        foreach (var period in _periods)
        {
            period.Advance(now);
            period.Add(receipt);
        }
    }

    /// <summary>Of every period that has a limit, the ledger has been asked.</summary>
    public bool IsRead(TenantBudget budget, DateTimeOffset now)
    {
        foreach (var period in _periods)
        {
            period.Advance(now);
            if (!period.IsRead && HasLimit(budget, period))
            {
                return false;
            }
        }

        return true;
    }

    public List<PeriodUse> Limited(TenantBudget budget, DateTimeOffset now)
    {
        foreach (var period in _periods)
        {
            period.Advance(now);
        }

        return [.. _periods.Where(period => HasLimit(budget, period))];
    }

    /// <summary>It limits anything.</summary>
    public static bool IsLimit(TenantBudget budget) => IsLimit(budget.Hour) || IsLimit(budget.Day) || IsLimit(budget.Month);

    /// <summary>The spent period that ends last; null while nothing is spent.</summary>
    public PeriodUse? Spent(TenantBudget budget, DateTimeOffset now)
    {
        for (var i = _periods.Length - 1; i >= 0; i--)
        {
            var period = _periods[i];
            var amount = BudgetCalendar.Of(budget, period.Period);
            period.Advance(now);
            if (period.CpuSeconds >= (amount.CpuSeconds ?? double.PositiveInfinity) || period.GibSeconds >= (amount.GibSeconds ?? double.PositiveInfinity))
            {
                return period;
            }
        }

        return null;
    }

    private static bool HasLimit(TenantBudget budget, PeriodUse period) => IsLimit(BudgetCalendar.Of(budget, period.Period));

    private static bool IsLimit(BudgetAmount amount) => (amount.CpuSeconds ?? amount.GibSeconds) is not null;
}
