using Sandcastle.Cli.Units;

namespace Sandcastle.Cli.Tests.Units;

public sealed class AgeTests
{
    [Theory]
    [InlineData("-00:00:05", "0s")]
    [InlineData("00:01:59", "119s")]
    [InlineData("00:02:00", "2m")]
    [InlineData("00:09:59", "9m59s")]
    [InlineData("00:10:30", "10m")]
    [InlineData("02:59:59", "179m")]
    [InlineData("03:05:00", "3h5m")]
    [InlineData("08:00:00", "8h")]
    [InlineData("1.23:59:59", "47h")]
    [InlineData("2.01:00:00", "2d1h")]
    [InlineData("8.00:00:00", "8d")]
    [InlineData("729.00:00:00", "729d")]
    [InlineData("731.00:00:00", "2y1d")]
    [InlineData("2920.00:00:00", "8y")]
    public void Format_gives_the_two_figures_that_count(string age, string text) => Age.Format(TimeSpan.Parse(age)).ShouldBe(text);
}
