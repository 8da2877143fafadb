using Sandcastle.Conformance.Bubblewrap;

namespace Sandcastle.Conformance.Targets;

/// <summary>The profiles that are attacked, and bubblewrap beside them: all, or those that SANDCASTLE_PROFILES names, separated by commas.</summary>
public static class Profiles
{
    public static readonly IReadOnlyList<string> All = ["fork", "nsjail", "gvisor", BubblewrapTarget.ProfileName];

    public static IReadOnlyList<string> Chosen { get; } = Choose(Environment.GetEnvironmentVariable("SANDCASTLE_PROFILES"));

    public static Task<ITarget> StartAsync(string profile) => profile == BubblewrapTarget.ProfileName
        ? BubblewrapTarget.StartAsync()
        : Target.StartAsync(profile, TargetHome.Of(profile));

    /// <summary>Why an attack is not tried in a profile; null where it is.</summary>
    public static string? WhyNot(string profile, Attack attack) =>
        profile == BubblewrapTarget.ProfileName ? BubblewrapTarget.WhyNot(attack) : attack.Except.GetValueOrDefault(profile);

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
