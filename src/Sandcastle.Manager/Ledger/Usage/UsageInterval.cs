namespace Sandcastle.Manager.Ledger.Usage;

/// <summary>
/// How an interval is read exactly: whole spans from their sums, and what sticks out at either end from the receipts themselves. All in
/// microseconds since 1970; each part is [start, end), and may be empty.
/// </summary>
internal sealed record UsageInterval
{
    public required (long Start, long End) Summed { get; init; }

    public required (long Start, long End) Before { get; init; }

    public required (long Start, long End) After { get; init; }

    /// <summary>The whole spans that hold the interval: at least as long as it.</summary>
    public required (long Start, long End) Widened { get; init; }

    /// <exception cref="CoarseLedgerException">An end lies within a span whose receipts are gone.</exception>
    public static UsageInterval Plan(DateTimeOffset from, DateTimeOffset to, LedgerHorizons horizons)
    {
        var (start, end) = (Math.Max(0, LedgerTime.ToMicros(from)), Math.Max(0, LedgerTime.ToMicros(to)));
        var (first, last) = (horizons.SpanAt(start), horizons.SpanAt(end));
        if (start < end)
        {
            Check("from", start, first, horizons);
            Check("to", end, last, horizons);
        }

        var (from1, to1) = (first.Ceiling(start), last.Floor(end));
        return new UsageInterval
        {
            Summed = from1 < to1 ? (from1, to1) : (start, start),
            Before = from1 < to1 ? (start, from1) : (start, end),
            After = from1 < to1 ? (to1, end) : (end, end),
            Widened = (first.Floor(start), last.Ceiling(end)),
        };
    }

    private static void Check(string field, long moment, LedgerSpan span, LedgerHorizons horizons)
    {
        if (moment >= horizons.Receipts || span.Floor(moment) == moment)
        {
            return;
        }

        var (below, above) = (LedgerTime.FromMicros(span.Floor(moment)), LedgerTime.FromMicros(span.Ceiling(moment)));
        throw new CoarseLedgerException(field, $"is in a time that is kept by the {span} now: ask for {below:yyyy-MM-ddTHH:mm:ssZ} or {above:yyyy-MM-ddTHH:mm:ssZ}");
    }
}
