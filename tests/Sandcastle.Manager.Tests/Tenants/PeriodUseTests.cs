using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>Which period it is, and what is known of it, whatever the clock does.</summary>
public sealed class PeriodUseTests
{
    private static readonly DateTimeOffset Noon = Receipts.Noon;

    [Theory]
    [InlineData(nameof(BudgetPeriod.Hour), "2026-12-31T23:59:59.9999999Z", "2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData(nameof(BudgetPeriod.Day), "2028-02-29T12:00:00Z", "2028-02-29T00:00:00Z", "2028-03-01T00:00:00Z")]
    [InlineData(nameof(BudgetPeriod.Month), "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z")]
    [InlineData(nameof(BudgetPeriod.Month), "2027-01-31T23:59:59Z", "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z")]
    [InlineData(nameof(BudgetPeriod.Month), "2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData(nameof(BudgetPeriod.Hour), "2026-03-29T03:30:00+02:00", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z")]
    public void Advance_atTheEdgesOfTheCalendar_isInThePeriodThatHoldsTheMoment(string period, string now, string start, string end)
    {
        var use = new PeriodUse(Enum.Parse<BudgetPeriod>(period));
        use.Advance(Time(now));
        (use.Start, use.End, use.IsRead).ShouldBe((Time(start), Time(end), false));
    }

    [Fact]
    public void Advance_toTheNextPeriod_knowsThatNothingIsUsed()
    {
        var use = new PeriodUse(BudgetPeriod.Hour);
        use.Advance(Noon);
        use.Add(Receipts.New() with { CpuMicros = 5_000_000 });
        use.CpuSeconds.ShouldBe(5);
        use.Advance(Noon.AddHours(1));
        (use.CpuSeconds, use.IsRead).ShouldBe((0, true));
    }

    /// <summary>A clock that was a month ahead and is put right must not leave a tenant without a budget for a month.</summary>
    [Fact]
    public void Advance_afterTheClockWasSetBack_isInThatTimeAgainAndAsksWhatWasUsed()
    {
        var use = new PeriodUse(BudgetPeriod.Month);
        use.Advance(Noon.AddMonths(1));
        use.Advance(Noon);
        (use.Start, use.IsRead).ShouldBe((new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero), false));
        use.Add(Receipts.New() with { CpuMicros = 5_000_000 });
        use.CpuSeconds.ShouldBe(5);
    }

    /// <summary>A run belongs to the period in which it ends: by its start it would be in one that holds nothing any more.</summary>
    [Theory]
    [InlineData(nameof(BudgetPeriod.Hour), "2026-05-04T13:00:00Z")]
    [InlineData(nameof(BudgetPeriod.Day), "2026-05-05T00:00:00Z")]
    [InlineData(nameof(BudgetPeriod.Month), "2026-06-01T00:00:00Z")]
    public void Add_aRunThatBeganBeforeThePeriod_countsWhereItEnds(string period, string next)
    {
        var use = new PeriodUse(Enum.Parse<BudgetPeriod>(period));
        use.Advance(Time(next).AddTicks(-1));
        use.Add(Receipts.New() with { StartedAt = Time(next).AddSeconds(-1), CpuMicros = 1_000_000 });
        use.CpuSeconds.ShouldBe(1);
        use.Advance(Time(next));
        use.Add(Receipts.New() with { StartedAt = Time(next).AddSeconds(-1), CpuMicros = 5_000_000 });
        use.CpuSeconds.ShouldBe(5);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
