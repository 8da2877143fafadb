using CsCheck;
using Sandcastle.Cli.Units;

namespace Sandcastle.Cli.Tests.Units;

public sealed class DurationTests
{
    [Theory]
    [InlineData("10", 10_000)]
    [InlineData("0.5", 500)]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5s", 1500)]
    [InlineData("2d", 172_800_000)]
    public void TryParse_duration_is_time(string text, double milliseconds)
    {
        Duration.TryParse(text, out var duration).ShouldBeTrue();
        duration.TotalMilliseconds.ShouldBe(milliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("5y")]
    [InlineData("1 s")]
    [InlineData("1s5")]
    [InlineData("1.2.3s")]
    [InlineData("99999999999999h")]
    public void TryParse_anything_else_is_refused(string text) => Duration.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void TryParse_any_text_never_throws() => Gen.String[Gen.Char["0123456789.smh -"], 0, 30].Sample(text =>
        !Duration.TryParse(text, out var duration) || duration >= TimeSpan.Zero);

    [Theory]
    [InlineData(900, "900 µs")]
    [InlineData(1100, "1.1 ms")]
    [InlineData(1_500_000, "1.5 s")]
    [InlineData(600_000_000, "10 min")]
    public void Format_duration_has_its_unit(long micros, string expected) => Duration.Format(TimeSpan.FromMicroseconds(micros)).ShouldBe(expected);
}
