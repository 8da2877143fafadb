namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>Where Kueue's own CustomResourceDefinitions are, when they are at hand.</summary>
public static class KueueDefinitions
{
    public const string Variable = "SANDCASTLE_KUEUE_CRDS";

    /// <summary>Why tests that need them are skipped.</summary>
    public const string Missing = $"Kueue's definitions are not at hand: {Variable} names no directory with its CRDs";

    /// <summary>The directory that the environment names, else the one beside the repository; null when there is neither.</summary>
    /// <param name="repositoryRoot">Absolute path.</param>
    public static string? Find(string repositoryRoot)
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        var beside = Path.GetFullPath(Path.Combine(repositoryRoot, "..", "shared", "data", "kueue-crds"));
        return new[] { named, beside }.FirstOrDefault(Directory.Exists);
    }
}
