using System.Data.Common;
using Dapper;

namespace Sandcastle.Manager.Ledger.Usage;

/// <summary>What has been folded by now. Before these moments, in microseconds since 1970, there are no receipts, no minutes, no hours any more; 0 for never.</summary>
internal sealed record LedgerHorizons(long Receipts, long Minutes, long Hours)
{
    public const string OfReceipts = "receipts";
    public const string OfMinutes = "minutes";
    public const string OfHours = "hours";

    public static async Task<LedgerHorizons> ReadAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(string Name, long Until)>(
            new CommandDefinition("SELECT name AS Name, until AS Until FROM retention", cancellationToken: cancellationToken));
        var until = rows.ToDictionary(r => r.Name, r => r.Until, StringComparer.Ordinal);
        return new LedgerHorizons(until.GetValueOrDefault(OfReceipts), until.GetValueOrDefault(OfMinutes), until.GetValueOrDefault(OfHours));
    }

    /// <summary>The length of the sums that hold this moment.</summary>
    public LedgerSpan SpanAt(long moment) => moment >= Minutes ? LedgerSpan.Minute : moment >= Hours ? LedgerSpan.Hour : LedgerSpan.Day;
}
