namespace Sandcastle.Manager.Ledger;

/// <summary>What a minute of receipts is summed up by.</summary>
internal readonly record struct RollupKey(string Tenant, long StartsAt, string Template, string Outcome, string SourceKind, string Source)
{
    public static RollupKey Of(ReceiptRow row) => new(
        row.Tenant, row.StartedAt - (row.StartedAt % LedgerSpan.Minute.Micros), row.Template, row.Outcome, row.Source.Kind, row.Source.Name);
}
