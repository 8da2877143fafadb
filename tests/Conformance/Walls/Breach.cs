using Sandcastle.Conformance.Targets;

namespace Sandcastle.Conformance.Walls;

/// <summary>What is attacked with which walls gone.</summary>
public static class Breach
{
    /// <summary>
    /// By walls, so that each daemon is started once. As the table says; with SANDCASTLE_WALLS=all every attack without every wall, and
    /// without those walls together that the table names where no fewer are enough: that is how the table is found, and checked.
    /// </summary>
    public static IEnumerable<(string Walls, Attack Attack)> All =>
        from walls in WallSet.Walls.Concat(Together)
        where Asked is "" or "all" || Asked.Split(',').Contains(walls)
        from attack in AttackTable.All
        where Families is "" || Families.Split(',').Contains(attack.Family)
        where IsWhole ? IsWorthTrying(attack, walls) : attack.Walls.Contains(walls)
        select (walls, attack);

    /// <summary>Whether every pair is tried, and what is not marked must be held.</summary>
    public static bool IsWhole => Asked.Length > 0;

    /// <summary>SANDCASTLE_FAMILIES: only these, which a whole search goes through sooner.</summary>
    private static string Families => Environment.GetEnvironmentVariable("SANDCASTLE_FAMILIES") ?? "";

    private static string Asked => Environment.GetEnvironmentVariable("SANDCASTLE_WALLS") ?? "";

    private static IEnumerable<string> Together =>
        AttackTable.All.SelectMany(attack => attack.Walls).Concat(Asked.Split(',')).Where(walls => walls.Contains('+'))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>A daemon of this build but for the jail, which lacks the walls; within limits of its own, since the jail's may be gone.</summary>
    public static Task<ITarget> OpenAsync(string walls) =>
        Target.StartAsync("without " + walls, TargetHome.Without(walls));

    private static bool IsWorthTrying(Attack attack, string walls) =>
        !attack.Untried.ContainsKey(walls) && !attack.Walls.Any(fewer => fewer != walls && WallSet.IsWithin(fewer, walls));
}
