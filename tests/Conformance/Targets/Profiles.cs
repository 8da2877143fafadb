namespace Sandcastle.Conformance.Targets;

/// <summary>The profiles that are attacked: all, or those that SANDCASTLE_PROFILES names, separated by commas.</summary>
public static class Profiles
{
    public static readonly IReadOnlyList<string> All = ["fork", "nsjail", "gvisor"];

    public static IReadOnlyList<string> Chosen { get; } = Choose(Environment.GetEnvironmentVariable("SANDCASTLE_PROFILES"));

    private static IReadOnlyList<string> Choose(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return All;
        }

        var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Except(All, StringComparer.Ordinal).ToList() is { Count: > 0 } unknown
            ? throw new InvalidOperationException($"SANDCASTLE_PROFILES: {string.Join(", ", unknown)}: there are {string.Join(", ", All)}")
            : names;
    }
}
