using Sandcastle.Bench.Statistics;

namespace Sandcastle.Bench.Reports;

/// <summary>A measured value.</summary>
/// <param name="Value">In <paramref name="Unit"/>.</param>
/// <param name="Unit">For example <c>ms</c>.</param>
/// <param name="Samples">Of which it is one quantile; null where it stands alone.</param>
internal sealed record Figure(double Value, string Unit, Summary? Samples = null)
{
    public static Figure P50(Summary samples) => new(samples.P50, "ms", samples);

    public static Figure P99(Summary samples) => new(samples.P99, "ms", samples);

    public override string ToString() => Value switch
    {
        >= 100 => $"{Value:0} {Unit}",
        >= 10 => $"{Value:0.0} {Unit}",
        _ => $"{Value:0.00} {Unit}",
    };
}
