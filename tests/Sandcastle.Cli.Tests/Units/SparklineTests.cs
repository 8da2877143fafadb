using Sandcastle.Cli.Tables;

namespace Sandcastle.Cli.Tests.Units;

public sealed class SparklineTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("0 0", "  ")]
    [InlineData("1", "█")]
    [InlineData("0 1 2 4 8", " ▂▃▅█")]
    [InlineData("1 1 1 1 1 1 1 1 1 1 5", "▄▄▄▄▄█")]
    public void Of_figures_is_a_block_each_as_far_as_they_fit(string figures, string line) =>
        Sparkline.Of([.. figures.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(double.Parse)], width: 6).ShouldBe(line);
}
