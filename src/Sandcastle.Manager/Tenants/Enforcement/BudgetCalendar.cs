namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>Where budget periods begin and end: on the calendar of UTC, so that everybody can say when.</summary>
internal static class BudgetCalendar
{
    public static DateTimeOffset StartOf(BudgetPeriod period, DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return period switch
        {
            BudgetPeriod.Hour => new DateTimeOffset(utc.Year, utc.Month, utc.Day, utc.Hour, 0, 0, TimeSpan.Zero),
            BudgetPeriod.Day => new DateTimeOffset(utc.Year, utc.Month, utc.Day, 0, 0, 0, TimeSpan.Zero),
            _ => new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero),
        };
    }

    public static DateTimeOffset EndOf(BudgetPeriod period, DateTimeOffset time) => period switch
    {
        BudgetPeriod.Hour => StartOf(period, time).AddHours(1),
        BudgetPeriod.Day => StartOf(period, time).AddDays(1),
        _ => StartOf(period, time).AddMonths(1),
    };

    public static BudgetAmount Of(TenantBudget budget, BudgetPeriod period) => period switch
    {
        BudgetPeriod.Hour => budget.Hour,
        BudgetPeriod.Day => budget.Day,
        _ => budget.Month,
    };
}
