using System.Reflection;

namespace Sandcastle.Bench;

/// <summary>Where the things are that are measured, and where results go.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "RepositoryRoot").Value!;

    public static string Templates => Path.Combine(Root, "templates");

    public static string Results => Path.Combine(Root, "artifacts", "bench");

    /// <summary>The native client.</summary>
    public static string Client => Path.Combine(Root, "bin", "sandcastle");

    /// <summary>SANDCASTLED, else what the build put into <c>bin/</c>.</summary>
    public static string Daemon => Environment.GetEnvironmentVariable("SANDCASTLED") is { Length: > 0 } named
        ? Path.GetFullPath(named)
        : Path.Combine(Root, "bin", "sandcastled");
}
