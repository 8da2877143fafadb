namespace Sandcastle.Bench.Statistics;

/// <summary>A set of samples in a few figures, in the samples' own unit. Quantiles are samples (nearest rank), never interpolated.</summary>
internal sealed record Summary(int Count, double Min, double P50, double P90, double P99, double Max, double Mean)
{
    /// <exception cref="BenchException">No samples.</exception>
    public static Summary Of(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        if (sorted.Length == 0)
        {
            throw new BenchException("there are no samples to sum up");
        }

        return new Summary(sorted.Length, sorted[0], Rank(0.50), Rank(0.90), Rank(0.99), sorted[^1], sorted.Average());

        double Rank(double quantile) => sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Length) - 1)];
    }

    public static double Median(IEnumerable<double> samples) => Of(samples).P50;
}
