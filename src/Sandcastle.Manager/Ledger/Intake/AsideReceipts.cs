using System.Security.Cryptography;
using System.Text;
using Dapper;

namespace Sandcastle.Manager.Ledger.Intake;

/// <summary>
/// Refused receipts in the ledger's database, beside the books and in none of them: what somebody looks at who hears of them. Each once, by its
/// digest; of one worker so many, so that one that is taken over cannot fill the disk.
/// </summary>
internal sealed class AsideReceipts(ILedgerStore store)
{
    /// <summary>Enough to see what it is.</summary>
    private const int MostCharacters = 16_384;

    private const string Insert = """
        INSERT INTO receipts_aside (worker, digest, reason, text, refused_at)
        SELECT @worker, @digest, @reason, @text, @now WHERE (SELECT COUNT(*) FROM receipts_aside WHERE worker = @worker) < @most
        ON CONFLICT (worker, digest) DO NOTHING
        """;

    public Task AddAsync(IReadOnlyList<AsideReceipt> receipts, int most, DateTimeOffset now, CancellationToken cancellationToken) => store.WriteAsync(
        async connection =>
        {
            foreach (var receipt in receipts)
            {
                var values = new
                {
                    worker = receipt.Worker,
                    digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(receipt.Text))),
                    reason = Kept(receipt.Reason),
                    text = Kept(receipt.Text),
                    now = LedgerTime.ToMicros(now),
                    most,
                };
                await connection.ExecuteAsync(new CommandDefinition(Insert, values, cancellationToken: cancellationToken));
            }

            return receipts.Count;
        },
        cancellationToken);

    public async Task<IReadOnlyList<AsideReceipt>> ReadAsync(CancellationToken cancellationToken) => await store.ReadAsync(
        async connection => (await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT worker AS Worker, reason AS Reason, text AS Text FROM receipts_aside ORDER BY refused_at, worker, digest",
            cancellationToken: cancellationToken))).Select(row => new AsideReceipt(row.Worker, row.Reason, row.Text)).ToList(),
        cancellationToken);

    /// <summary>As long as receipts are kept.</summary>
    public Task ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken) => store.WriteAsync(
        connection => connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM receipts_aside WHERE refused_at < @before", new { before = LedgerTime.ToMicros(before) }, cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>No store takes a NUL in a text, nor half of a character.</summary>
    private static string Kept(string text)
    {
        var kept = text.Length > MostCharacters ? text[..MostCharacters] : text;
        return (kept.Length > 0 && char.IsHighSurrogate(kept[^1]) ? kept[..^1] : kept).Replace('\0', '\uFFFD');
    }

    private sealed record Row
    {
        public string Worker { get; init; } = "";

        public string Reason { get; init; } = "";

        public string Text { get; init; } = "";
    }
}
