namespace Sandcastle.Manager.Ledger;

/// <summary>Sums of amounts that one integer of a store may not hold: they are asked for in two parts, above and below 2^20.</summary>
internal static class WideAmount
{
    private const long Unit = 1 << 20;

    public static Int128 Of(long high, long low) => ((Int128)high * Unit) + low;

    /// <summary>A sum over a column in which no part of it may be more than the store's integers hold, though the whole is not.</summary>
    public static string Whole(string column) => $"(SUM({column} / {Unit}) * {Unit} + SUM({column} % {Unit}))";

    /// <summary>A sum of amounts that are none below zero, as one integer: it stays where an amount ends.</summary>
    public static string Held(string column) =>
        $"CAST(CASE WHEN SUM({column} / {Unit}) + SUM({column} % {Unit}) / {Unit} >= 8796093022208 THEN {long.MaxValue} ELSE {Whole(column)} END AS BIGINT)";

    /// <summary>The two parts of a sum over a column, by the names that the caller gives.</summary>
    public static string Sum(string column, string high, string low) =>
        $"CAST(COALESCE(SUM({column} / {Unit}), 0) AS BIGINT) AS {high}, CAST(COALESCE(SUM({column} % {Unit}), 0) AS BIGINT) AS {low}";
}
