using System.Text.RegularExpressions;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Tests.Resources;

public sealed class DurationTests
{
    [Theory]
    [InlineData("2s", 2_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("250ms", 250)]
    [InlineData("1h2m3s4ms", 3_723_004)]
    [InlineData("0", 0)]
    [InlineData("90s", 90_000)]
    public void Parse_of_what_Kubernetes_writes_is_that_time(string text, long milliseconds)
    {
        var read = Duration.Parse(text);

        read.Time.TotalMilliseconds.ShouldBe(milliseconds);
        Duration.Parse(read.ToString()).ShouldBe(read);
        Regex.IsMatch(text, Duration.Pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("2")]
    [InlineData("-2s")]
    [InlineData("2 s")]
    [InlineData("2d")]
    [InlineData("1.5s")]
    public void Parse_of_anything_else_fails(string text) => Should.Throw<FormatException>(() => Duration.Parse(text));
}
