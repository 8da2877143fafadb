using System.Reflection;

namespace Sandcastle.Cluster;

/// <summary>Where the tests find what is not theirs.</summary>
internal static class Repository
{
    internal static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    internal static string Deploy { get; } = PathTo("deploy");

    internal static bool UpdateGolden => Environment.GetEnvironmentVariable("SANDCASTLE_UPDATE_GOLDEN") == "1";

    internal static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);
}
