using System.Reflection;

namespace Architecture.Tests;

/// <summary>What of the sources' form neither the compiler nor the formatter holds.</summary>
public sealed class SourceTests
{
    private static readonly string Root = typeof(SourceTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;

    [Fact]
    public void Using_directives_are_sorted_system_first()
    {
        var sources = new[] { "src", "tests", "bench" }
            .SelectMany(directory => Directory.EnumerateFiles(Path.Combine(Root, directory), "*.cs", SearchOption.AllDirectories))
            .ToList();

        sources.Count.ShouldBeGreaterThan(500);
        sources.Where(source => !IsSorted([.. Usings(source)])).ShouldBeEmpty();
    }

    /// <summary>Names of the namespaces at the head of a file; what follows them (static, aliases) has an order of its own.</summary>
    private static IEnumerable<string> Usings(string source) => File.ReadLines(source)
        .SkipWhile(line => line.Length == 0 || line.StartsWith('#') || line.StartsWith("//", StringComparison.Ordinal))
        .TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=') && !line.StartsWith("using static ", StringComparison.Ordinal))
        .Select(line => line["using ".Length..^1]);

    private static bool IsSorted(string[] names) => names
        .Zip(names.Skip(1))
        .All(pair => (IsSystem(pair.First), IsSystem(pair.Second)) switch
        {
            (true, false) => true,
            (false, true) => false,
            _ => Compare(pair.First, pair.Second) <= 0,
        });

    private static bool IsSystem(string name) => name.Split('.')[0] == "System";

    /// <summary>By the parts of the names: a namespace stands before those in it.</summary>
    private static int Compare(string first, string second)
    {
        foreach (var (one, other) in first.Split('.').Zip(second.Split('.')))
        {
            if (string.Compare(one, other, StringComparison.OrdinalIgnoreCase) is not 0 and var order)
            {
                return order;
            }
        }

        return first.Length - second.Length;
    }
}
