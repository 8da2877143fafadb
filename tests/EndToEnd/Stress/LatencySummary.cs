using System.Globalization;

namespace Sandcastle.EndToEnd.Stress;

/// <summary>How long a neighbour's runs took.</summary>
/// <param name="Count">How many.</param>
/// <param name="Median">Half were faster.</param>
/// <param name="P99">One in a hundred was slower.</param>
internal sealed record LatencySummary(int Count, TimeSpan Median, TimeSpan P99)
{
    internal static LatencySummary Of(IEnumerable<TimeSpan> latencies)
    {
        var sorted = latencies.Order().ToList();
        return new(sorted.Count, sorted[sorted.Count / 2], sorted[Math.Min(sorted.Count - 1, sorted.Count * 99 / 100)]);
    }

    /// <summary>Columns of a table: runs, p50, p99, and both as multiples of what they are compared with.</summary>
    internal string Beside(LatencySummary idle) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} | {Median.TotalMilliseconds:f1} ms | {P99.TotalMilliseconds:f1} ms | {Median / idle.Median:f1} | {P99 / idle.P99:f1}");
}
