using System.Text.RegularExpressions;

namespace Sandcastle.Cluster.Manifests;

/// <summary>What .dockerignore lets into the build of the images: all that it takes, by name, so that a change elsewhere leaves their layers.</summary>
public sealed partial class ImageContextTests
{
    // Read by MSBuild and the compiler wherever they are, without being named.
    private static readonly string[] Found = ["Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", ".editorconfig", "global.json"];

    private static readonly HashSet<string> Context =
    [
        .. File.ReadLines(Repository.PathTo(".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]),
    ];

    [Fact]
    public void Context_begins_with_nothing_and_names_what_there_is()
    {
        File.ReadLines(Repository.PathTo(".dockerignore")).First(line => !line.StartsWith('#')).ShouldBe("*");
        Context.Where(name => !Path.Exists(Repository.PathTo(name))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("manager.Dockerfile")]
    [InlineData("worker.Dockerfile")]
    public void Context_has_what_an_image_copies(string file)
    {
        var copied = File.ReadLines(Path.Combine(Repository.Deploy, "images", file))
            .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1])
            .ToList();

        copied.ShouldNotBeEmpty();
        copied.Where(name => name != "." && !Context.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Context_has_what_the_projects_of_the_daemon_are_made_of()
    {
        var named = Directory.EnumerateFiles(Repository.PathTo("src"), "*.*proj", SearchOption.AllDirectories)
            .SelectMany(file => FromRoot().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value))
            .Concat(Found)
            .Distinct()
            .ToList();

        named.ShouldContain("proto");
        named.Where(name => !Context.Contains(name)).ShouldBeEmpty();
    }

    [GeneratedRegex(@"\.\./\.\./(?<name>[A-Za-z][\w.-]*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FromRoot();
}
