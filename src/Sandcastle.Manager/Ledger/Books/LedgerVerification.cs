using System.Data.Common;
using System.Globalization;
using Dapper;
using Sandcastle.Manager.Ledger.Usage;

namespace Sandcastle.Manager.Ledger.Books;

/// <summary>Looks through all of the books as they are at one moment.</summary>
internal static class LedgerVerification
{
    private const int MostExamples = 5;

    /// <summary>None: reading all of a large ledger takes longer than the driver would wait for an answer.</summary>
    private const int Patience = 0;

    private static readonly string Balances = $"""
        SELECT source AS Source, what AS What, {WideAmount.Sum("cpu_micros", "CpuHigh", "CpuLow")}, {WideAmount.Sum("byte_seconds", "BytesHigh", "BytesLow")}
        FROM (
            SELECT a.name AS source, a.kind AS what, e.cpu_micros, e.byte_seconds
            FROM entries e JOIN accounts a ON a.id = e.account WHERE a.kind IN ('supply', 'overhead')
            UNION ALL
            SELECT a.kind || '/' || a.name, 'idle', e.cpu_micros, e.byte_seconds
            FROM entries e JOIN accounts a ON a.id = e.account WHERE a.kind IN ('lot', 'worker')
            UNION ALL
            SELECT source_kind || '/' || source, 'used', cpu_micros, byte_seconds FROM rollups
        ) AS parts
        GROUP BY source, what
        """;

    public static Task<LedgerProof> RunAsync(ILedgerStore store, CancellationToken cancellationToken) =>
        LedgerSnapshot.ReadAsync(store, connection => ReadAsync(connection, cancellationToken), cancellationToken);

    private static async Task<LedgerProof> ReadAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var horizons = await LedgerHorizons.ReadAsync(connection, cancellationToken);
        var parameters = new { receipts = horizons.Receipts, minutes = horizons.Minutes, hours = horizons.Hours };
        var checks = new List<LedgerCheck>();
        foreach (var (promise, statement) in LedgerPromises.All)
        {
            checks.Add(await CheckAsync(connection, promise, statement, parameters, cancellationToken));
        }

        var balances = await BalancesAsync(connection, cancellationToken);
        var wrong = balances.Where(b => !b.Balances).Select(Describe).ToList();
        checks.Add(new LedgerCheck("reserved = used + overhead + idle, of every lot and worker", wrong.Count, [.. wrong.Take(MostExamples)]));
        return new LedgerProof
        {
            Checks = checks,
            Balances = balances,
            Read = (
                await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM receipts", commandTimeout: Patience, cancellationToken: cancellationToken)),
                await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM transactions", commandTimeout: Patience, cancellationToken: cancellationToken))),
        };
    }

    /// <summary>Reads every row and keeps a few, so that a ledger which is wrong all through does not fill the memory.</summary>
    private static async Task<LedgerCheck> CheckAsync(
        DbConnection connection, string promise, string statement, object parameters, CancellationToken cancellationToken)
    {
        var (broken, examples) = (0L, new List<string>());
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(statement, parameters, commandTimeout: Patience, cancellationToken: cancellationToken));
        while (await reader.ReadAsync(cancellationToken))
        {
            broken++;
            if (examples.Count < MostExamples)
            {
                examples.Add(reader.IsDBNull(0) ? "an account that is not there" : reader.GetString(0));
            }
        }

        return new LedgerCheck(promise, broken, examples);
    }

    private static async Task<IReadOnlyList<SourceBalance>> BalancesAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var parts = await connection.QueryAsync<Part>(new CommandDefinition(Balances, commandTimeout: Patience, cancellationToken: cancellationToken));
        return [.. parts.GroupBy(p => p.Source, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new SourceBalance
        {
            Source = g.Key,
            Reserved = Of(g, AccountKinds.Supply) is var (cpu, bytes) ? (-cpu, -bytes) : default,
            Used = Of(g, "used"),
            Overhead = Of(g, AccountKinds.Overhead),
            Idle = Of(g, "idle"),
        })];
    }

    private static (Int128 CpuMicros, Int128 ByteSeconds) Of(IEnumerable<Part> parts, string what) =>
        parts.FirstOrDefault(p => p.What == what) is { } part
            ? (WideAmount.Of(part.CpuHigh, part.CpuLow), WideAmount.Of(part.BytesHigh, part.BytesLow))
            : default;

    private static string Describe(SourceBalance balance) => string.Create(
        CultureInfo.InvariantCulture,
        $"{balance.Source}: reserved {balance.Reserved}, used {balance.Used}, overhead {balance.Overhead}, idle {balance.Idle} (µs, byte-seconds)");

    private sealed record Part
    {
        public string Source { get; init; } = "";

        public string What { get; init; } = "";

        public long CpuHigh { get; init; }

        public long CpuLow { get; init; }

        public long BytesHigh { get; init; }

        public long BytesLow { get; init; }
    }
}
