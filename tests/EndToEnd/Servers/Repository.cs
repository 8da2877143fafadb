using System.Reflection;

namespace Sandcastle.EndToEnd.Servers;

/// <summary>Where the built programs are.</summary>
public static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    public static string Daemon => Environment.GetEnvironmentVariable("SANDCASTLED") ?? Path.Combine(Root, "bin", "sandcastled");

    public static string Cli => Path.Combine(Root, "bin", "sandcastle");
}
