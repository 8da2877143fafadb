using Dapper;

namespace Sandcastle.Manager.Ledger;

/// <summary>
/// What each tenant's receipts charge by the hour in which they were booked, beside the books, which are dated by each run's start: budgets are held against
/// this. Written with the receipts, in one transaction; small, so that it can be read every few seconds.
/// </summary>
internal sealed class BookedUse(ILedgerStore store)
{
    /// <summary>Longer than any budget's period.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(62);

    private const double Gibi = 1L << 30;

    /// <summary>Sums stay where an amount ends, as in <see cref="ReceiptSum"/>.</summary>
    public const string SumUp = """
        ON CONFLICT (tenant, hour) DO UPDATE SET
            cpu_micros = CASE WHEN excluded.cpu_micros > 9223372036854775807 - booked_use.cpu_micros THEN 9223372036854775807 ELSE booked_use.cpu_micros + excluded.cpu_micros END,
            byte_seconds = CASE WHEN excluded.byte_seconds > 9223372036854775807 - booked_use.byte_seconds THEN 9223372036854775807 ELSE booked_use.byte_seconds + excluded.byte_seconds END
        """;

    /// <summary>One receipt's.</summary>
    public const string Add = "INSERT INTO booked_use (tenant, hour, cpu_micros, byte_seconds) VALUES (@tenant, @hour, @cpu, @bytes) " + SumUp;

    public async Task<(double CpuSeconds, double GibSeconds)> ReadAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var hours = await store.ReadAsync(
            async connection => (await connection.QueryAsync<Hour>(new CommandDefinition(
                "SELECT cpu_micros AS CpuMicros, byte_seconds AS ByteSeconds FROM booked_use WHERE tenant = @tenant AND hour >= @from AND hour < @to",
                new { tenant, from = LedgerTime.ToMicros(from), to = LedgerTime.ToMicros(to) },
                cancellationToken: cancellationToken))).AsList(),
            cancellationToken);
        return (hours.Sum(hour => hour.CpuMicros / 1e6), hours.Sum(hour => hour.ByteSeconds / Gibi));
    }

    public Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) => store.WriteAsync(
        connection => connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM booked_use WHERE hour < @before", new { before = LedgerTime.ToMicros(now - Kept) }, cancellationToken: cancellationToken)),
        cancellationToken);

    private sealed record Hour
    {
        public long CpuMicros { get; init; }

        public long ByteSeconds { get; init; }
    }
}
