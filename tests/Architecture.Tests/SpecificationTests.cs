using System.Reflection;
using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>SPECIFICATION.md names the test that holds each promise; each of those must be there.</summary>
public sealed partial class SpecificationTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly string Root = typeof(SpecificationTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;

    [Fact]
    public void Specification_tests_that_are_named_exist()
    {
        var named = File.ReadLines(Path.Combine(Root, "SPECIFICATION.md"))
            .Where(line => line.StartsWith('|'))
            .Select(line => line.TrimEnd('|', ' '))
            .SelectMany(line => TestName().Matches(line[(line.LastIndexOf('|') + 1)..]).Select(match => match.Groups["name"].Value))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var sources = new[] { "tests", "native/jail/tests" }
            .SelectMany(directory => Directory.EnumerateFiles(Path.Combine(Root, directory), "*.*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".c" or ".sh" or ".yaml")
            .Select(File.ReadAllText)
            .ToList();

        named.Count.ShouldBeGreaterThan(20);
        named.Where(name => !name.Split('.').All(part => sources.Exists(source => Regex.IsMatch(source, $@"\b{part}\b", RegexOptions.None, Second))))
            .ShouldBeEmpty();
    }

    /// <summary>A class, its method, or the name that a C test or a script prints.</summary>
    [GeneratedRegex("`(?<name>[A-Za-z][A-Za-z0-9]*([._][A-Za-z0-9_]+)*)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TestName();
}
