using System.Runtime.CompilerServices;
using Dapper;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger;

/// <summary>Reads receipts in their order, a page at a time: memory stays the same however many there are, and no read lasts long.</summary>
internal sealed class ReceiptPages(ILedgerStore store)
{
    private const int Page = 1000;

    public async IAsyncEnumerable<Receipt> ReadAsync(
        string? tenant, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (start, end) = (LedgerTime.ToMicros(from), LedgerTime.ToMicros(to));
        var tenants = tenant is null ? await TenantsAsync(cancellationToken) : [tenant];
        foreach (var one in tenants)
        {
            var (moment, run) = (start, "");
            while (true)
            {
                var rows = await store.ReadAsync(
                    async connection => (await connection.QueryAsync<ReceiptRow>(new CommandDefinition(
                        LedgerStatements.SelectReceipts, new { tenant = one, moment, run, end, page = Page }, cancellationToken: cancellationToken))).AsList(),
                    cancellationToken);
                foreach (var row in rows)
                {
                    yield return row.ToReceipt();
                }

                if (rows.Count < Page)
                {
                    break;
                }

                (moment, run) = (rows[^1].StartedAt, rows[^1].Run);
            }
        }
    }

    private Task<List<string>> TenantsAsync(CancellationToken cancellationToken) => store.ReadAsync(
        async connection => (await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT name FROM accounts WHERE kind = 'tenant' ORDER BY name", cancellationToken: cancellationToken))).AsList(),
        cancellationToken);
}
