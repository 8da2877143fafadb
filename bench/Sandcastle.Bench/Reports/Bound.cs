namespace Sandcastle.Bench.Reports;

/// <summary>A value not to be above, or not to be below.</summary>
/// <param name="AtMost">False: at least.</param>
/// <param name="Value">In the row's unit.</param>
internal sealed record Bound(bool AtMost, double Value)
{
    public static Bound NoMoreThan(double value) => new(AtMost: true, value);

    public static Bound NoLessThan(double value) => new(AtMost: false, value);

    public bool Holds(double value) => AtMost ? value <= Value : value >= Value;

    public override string ToString() => $"{(AtMost ? "≤" : "≥")} {Value:0.##}";
}
