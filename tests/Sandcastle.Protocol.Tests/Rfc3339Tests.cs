using Sandcastle.Protocol.Rest;

namespace Sandcastle.Protocol.Tests;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-05-01", "2026-05-01T00:00:00Z")]
    [InlineData("2026-05-01T12:30", "2026-05-01T12:30:00Z")]
    [InlineData("2026-05-01T12:30:15Z", "2026-05-01T12:30:15Z")]
    [InlineData("2026-05-01 12:30:15Z", "2026-05-01T12:30:15Z")]
    [InlineData("2026-05-01T12:30:15.25+02:00", "2026-05-01T10:30:15.25Z")]
    public void TryParse_time_is_in_utc(string text, string expected)
    {
        Rfc3339.TryParse(text, out var time).ShouldBeTrue();
        time.ShouldBe(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
        time.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("1,2")]
    [InlineData("12:30")]
    [InlineData("May 2026")]
    [InlineData("01/02/2026")]
    [InlineData("2026-5-1")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-30")]
    [InlineData("2026-05-01+12:00")]
    [InlineData("2026-05-01T12:30:15+25:00")]
    [InlineData("2026-05-01T")]
    public void TryParse_anything_else_is_none(string? text) => Rfc3339.TryParse(text, out _).ShouldBeFalse();
}
