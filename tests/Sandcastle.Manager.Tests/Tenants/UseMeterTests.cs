using Sandcastle.Manager.Tenants.Enforcement;

namespace Sandcastle.Manager.Tests.Tenants;

public sealed class UseMeterTests
{
    private readonly UseMeter _meter = new();

    [Fact]
    public void Add_longRun_isSpreadOverItsSeconds()
    {
        _meter.Add(At(100), TimeSpan.FromSeconds(10), 20_000_000);
        _meter.MeanMillis(At(100)).ShouldBe(2000);
        _meter.MeanMillis(At(105)).ShouldBe(1000);
        _meter.MeanMillis(At(110)).ShouldBe(0);
    }

    [Fact]
    public void Add_shortRuns_areInTheirSecond()
    {
        for (var i = 0; i < 100; i++)
        {
            _meter.Add(At(50.2), TimeSpan.FromMilliseconds(5), 5000);
        }

        _meter.MeanMillis(At(50.9)).ShouldBe(0);
        _meter.MeanMillis(At(51)).ShouldBe(50);
    }

    [Fact]
    public void Add_runAcrossASecondsBorder_isDivided()
    {
        _meter.Add(At(20.5), TimeSpan.FromSeconds(1), 1_000_000);
        _meter.P95Millis(At(21)).ShouldBe(0);
        _meter.MeanMillis(At(21)).ShouldBe(100);
        _meter.MeanMillis(At(29.5)).ShouldBe(100);
        _meter.MeanMillis(At(30)).ShouldBe(50);
    }

    [Fact]
    public void Add_longerThanAMinute_fillsTheMinuteAndNoMore()
    {
        _meter.Add(At(1000), TimeSpan.FromSeconds(600), 600_000_000);
        _meter.MeanMillis(At(1000)).ShouldBe(1000);
        _meter.P95Millis(At(1000)).ShouldBe(1000);
        _meter.P95Millis(At(1056)).ShouldBe(1000);
        _meter.P95Millis(At(1057)).ShouldBe(0);
    }

    [Fact]
    public void P95_threeBusySecondsOfSixty_areAboveIt()
    {
        for (var second = 0; second < 60; second++)
        {
            _meter.Add(At(second + 0.5), TimeSpan.FromMilliseconds(100), second < 3 ? 900_000 : 100_000);
        }

        _meter.P95Millis(At(60)).ShouldBe(100);
        _meter.Add(At(60.5), TimeSpan.FromMilliseconds(100), 900_000);
        _meter.Add(At(61.5), TimeSpan.FromMilliseconds(100), 900_000);
        _meter.Add(At(62.5), TimeSpan.FromMilliseconds(100), 900_000);
        _meter.Add(At(63.5), TimeSpan.FromMilliseconds(100), 900_000);
        _meter.P95Millis(At(64)).ShouldBe(900);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
