namespace Sandcastle.Conformance;

/// <summary>The families of attacks that are tried: all, or those that SANDCASTLE_FAMILIES names, separated by commas.</summary>
internal static class Families
{
    internal static IReadOnlyList<Attack> Chosen { get; } = Choose(Environment.GetEnvironmentVariable("SANDCASTLE_FAMILIES"));

    private static IReadOnlyList<Attack> Choose(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return AttackTable.All;
        }

        var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var known = AttackTable.All.Select(attack => attack.Family).Distinct(StringComparer.Ordinal).ToList();
        return names.Except(known, StringComparer.Ordinal).ToList() is { Count: > 0 } unknown
            ? throw new InvalidOperationException($"SANDCASTLE_FAMILIES: {string.Join(", ", unknown)}: there are {string.Join(", ", known)}")
            : [.. AttackTable.All.Where(attack => names.Contains(attack.Family, StringComparer.Ordinal))];
    }
}
