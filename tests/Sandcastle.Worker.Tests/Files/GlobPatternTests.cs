using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Tests.Files;

public sealed class GlobPatternTests
{
    [Theory]
    [InlineData("a.txt", "a.txt", true)]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.txt", "b/a.txt", false)]
    [InlineData("?.txt", "a.txt", true)]
    [InlineData("?.txt", "ab.txt", false)]
    [InlineData("*/a.txt", "b/a.txt", true)]
    [InlineData("**/a.txt", "a.txt", true)]
    [InlineData("**/a.txt", "b/c/a.txt", true)]
    [InlineData("out/**", "out/a", true)]
    [InlineData("out/**", "out/b/a", true)]
    [InlineData("out/**", "other/a", false)]
    [InlineData("out/**", "out", false)]
    [InlineData("**", "a", true)]
    [InlineData("**", "a/b", true)]
    [InlineData("**/b/**/b", "a/b/c/b/b", true)]
    [InlineData("**/**/a", "a", true)]
    [InlineData("**/x/**/*.png", "a/x/b/c/d.png", true)]
    [InlineData("**/x/**/*.png", "a/y/b/c/d.png", false)]
    [InlineData("A.txt", "a.txt", false)]
    [InlineData("*", "a/b", false)]
    public void Matches_the_whole_path(string pattern, string path, bool matches) =>
        GlobPattern.Matches(pattern, path).ShouldBe(matches);

    [Fact]
    public void Matches_pattern_made_to_be_slow_is_fast()
    {
        var pattern = string.Concat(Enumerable.Repeat("**/a/", 16)) + "b";
        var path = string.Concat(Enumerable.Repeat("a/", 32)) + "c";
        var start = TimeProvider.System.GetTimestamp();

        GlobPattern.Matches(pattern, path).ShouldBeFalse();

        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("a.txt", "a", false)]
    [InlineData("out/*.png", "out", true)]
    [InlineData("out/*.png", "out/deep", false)]
    [InlineData("out/*/x", "out/deep", true)]
    [InlineData("**/x", "any/thing", true)]
    [InlineData("out/**", "other", false)]
    public void MayReach_below_a_directory(string pattern, string directory, bool reaches) =>
        GlobPattern.MayReach(pattern, directory).ShouldBe(reaches);
}
