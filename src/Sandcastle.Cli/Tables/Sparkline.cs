namespace Sandcastle.Cli.Tables;

/// <summary>A row of figures as one line of text: the largest as a full block, nothing as a space.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <param name="values">Not negative.</param>
    /// <param name="width">Most characters; neighbours are added up until they fit.</param>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        var each = Math.Max(1, (values.Count + width - 1) / width);
        var sums = values.Chunk(each).Select(chunk => chunk.Sum()).ToList();
        var most = sums.Count == 0 ? 0 : sums.Max();
        return string.Concat(sums.Select(v => v <= 0 ? ' ' : Blocks[(int)Math.Min(Blocks.Length - 1, v / most * Blocks.Length)]));
    }
}
