namespace Sandcastle.Manager.Ledger;

/// <summary>What some receipts of one minute add up to: a row of the roll-ups, or an addition to one.</summary>
internal sealed class ReceiptSum(RollupKey key)
{
    public string Tenant => key.Tenant;

    public long StartsAt => key.StartsAt;

    public string Template => key.Template;

    public string Outcome => key.Outcome;

    public string SourceKind => key.SourceKind;

    public string Source => key.Source;

    public long Runs { get; private set; }

    public long CpuMicros { get; private set; }

    public long ByteSeconds { get; private set; }

    public long WallMicros { get; private set; }

    public long IoReadBytes { get; private set; }

    public long IoWriteBytes { get; private set; }

    public long OutputBytes { get; private set; }

    public static IEnumerable<ReceiptSum> ByMinute(IEnumerable<ReceiptRow> rows)
    {
        var sums = new Dictionary<RollupKey, ReceiptSum>();
        foreach (var row in rows)
        {
            var key = RollupKey.Of(row);
            if (!sums.TryGetValue(key, out var sum))
            {
                sums[key] = sum = new ReceiptSum(key);
            }

            sum.Add(row);
        }

        return sums.Values;
    }

    public static long Of(IEnumerable<ReceiptRow> rows, Func<ReceiptRow, long> figure) => rows.Aggregate(0L, (sum, row) => Sum(sum, figure(row)));

    private void Add(ReceiptRow row)
    {
        Runs++;
        CpuMicros = Sum(CpuMicros, row.CpuMicros);
        ByteSeconds = Sum(ByteSeconds, row.ByteSeconds);
        WallMicros = Sum(WallMicros, row.WallMicros);
        IoReadBytes = Sum(IoReadBytes, row.IoReadBytes);
        IoWriteBytes = Sum(IoWriteBytes, row.IoWriteBytes);
        OutputBytes = Sum(OutputBytes, row.OutputBytes);
    }

    /// <summary>A figure that no machine gives is not to keep the receipts behind it from being recorded: the sum stays where it ends.</summary>
    private static long Sum(long a, long b) => (long)Int128.Clamp((Int128)a + b, long.MinValue, long.MaxValue);
}
