using System.Reflection;

namespace Sandcastle.Cli.Tests;

/// <summary>Where the sources are.</summary>
public static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;
}
