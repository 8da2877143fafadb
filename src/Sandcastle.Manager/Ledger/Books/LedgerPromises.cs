namespace Sandcastle.Manager.Ledger.Books;

/// <summary>
/// What the books promise, each with a statement that gives a row of text for everything that breaks it, in the words of both stores.
/// What is retired is known by its sums alone, so where receipts are compared with those, it is from the horizon on.
/// </summary>
internal static class LedgerPromises
{
    private const string Source = "CASE WHEN r.lot IS NULL THEN 'worker' ELSE 'lot' END";

    /// <summary>The start of the span that a moment's sums are kept in: by the minute, or by longer spans where those are folded.</summary>
    private const string Span = """
        CASE WHEN moment >= @minutes THEN moment / 60000000 * 60000000 WHEN moment >= @hours THEN moment / 3600000000 * 3600000000
            ELSE moment / 86400000000 * 86400000000 END
        """;

    // One figure that no machine gives would else end the look at all others.
    private static readonly string Cpu = WideAmount.Whole("cpu_micros");
    private static readonly string Bytes = WideAmount.Whole("byte_seconds");

    public static readonly IReadOnlyList<(string Promise, string Statement)> All =
    [
        ("every transaction balances to zero", $"""
            SELECT 'transaction ' || posting || ': ' || {Cpu} || ' µs, ' || {Bytes} || ' byte-seconds'
            FROM entries GROUP BY posting HAVING {Cpu} <> 0 OR {Bytes} <> 0
            """),
        ("every entry is of a transaction and on an account, and no transaction is without entries", """
            SELECT 'entry of transaction ' || e.posting || ' on account ' || e.account
            FROM entries e LEFT JOIN transactions t ON t.id = e.posting LEFT JOIN accounts a ON a.id = e.account
            WHERE t.id IS NULL OR a.id IS NULL
            UNION ALL
            SELECT 'transaction ' || t.id || ' (' || t.kind || ')'
            FROM transactions t LEFT JOIN (SELECT DISTINCT posting FROM entries) e ON e.posting = t.id WHERE e.posting IS NULL
            """),
        ("every receipt is posted with its own figures, from who paid to who is charged", $"""
            SELECT 'receipt ' || r.run || ' in transaction ' || r.posting
            FROM receipts r
            LEFT JOIN transactions t ON t.id = r.posting
            LEFT JOIN accounts payer ON payer.kind = {Source} AND payer.name = COALESCE(r.lot, r.worker)
            LEFT JOIN accounts charged ON charged.kind = 'tenant' AND charged.name = r.tenant
            LEFT JOIN entries p ON p.posting = r.posting AND p.account = payer.id
            LEFT JOIN entries c ON c.posting = r.posting AND c.account = charged.id
            WHERE t.id IS NULL OR t.kind <> 'receipt' OR t.at <> r.started_at OR p.posting IS NULL OR c.posting IS NULL
                OR p.cpu_micros <> -r.cpu_micros OR p.byte_seconds <> -r.byte_seconds
                OR c.cpu_micros <> r.cpu_micros OR c.byte_seconds <> r.byte_seconds
                OR ABS(r.byte_seconds - r.memory_byte_seconds) > 0.5 + ABS(r.memory_byte_seconds) * 1e-15
            """),
        ("every receipt is posted once", """
            SELECT 'transaction ' || posting || ' of ' || COUNT(*) || ' receipts' FROM receipts GROUP BY posting HAVING COUNT(*) > 1
            UNION ALL
            SELECT 'transaction ' || e.posting || ' with ' || COUNT(*) || ' entries'
            FROM entries e JOIN transactions t ON t.id = e.posting WHERE t.kind = 'receipt' GROUP BY e.posting HAVING COUNT(*) <> 2
            """),
        ("no posting is without its receipt", """
            SELECT 'transaction ' || t.id FROM transactions t LEFT JOIN receipts r ON r.posting = t.id WHERE t.kind = 'receipt' AND r.run IS NULL
            """),
        ("roll-ups are what their receipts add up to", $"""
            SELECT tenant || ', ' || template || ', ' || outcome || ', ' || source_kind || '/' || source || ', from ' || span || ' µs: '
                || SUM(runs) || ' runs, ' || {Cpu} || ' µs, ' || {Bytes} || ' byte-seconds too many'
            FROM (
                SELECT tenant, template, outcome, source_kind, source, {Span} AS span,
                    runs, cpu_micros, byte_seconds, wall_micros, io_read_bytes, io_write_bytes, output_bytes
                FROM (SELECT rollups.*, starts_at AS moment FROM rollups WHERE starts_at >= @receipts) AS kept
                UNION ALL
                SELECT tenant, template, outcome, {Source}, COALESCE(lot, worker), {Span},
                    -1, -cpu_micros, -byte_seconds, -wall_micros, -io_read_bytes, -io_write_bytes, -output_bytes
                FROM (SELECT receipts.*, started_at AS moment FROM receipts WHERE started_at >= @receipts) AS r
            ) AS both_sides
            GROUP BY tenant, template, outcome, source_kind, source, span
            HAVING SUM(runs) <> 0 OR {Cpu} <> 0 OR {Bytes} <> 0 OR {WideAmount.Whole("wall_micros")} <> 0
                OR {WideAmount.Whole("io_read_bytes")} <> 0 OR {WideAmount.Whole("io_write_bytes")} <> 0 OR {WideAmount.Whole("output_bytes")} <> 0
            """),
        ("each day's roll-ups are what the books say of each account", $"""
            SELECT kind || ' ' || name || ', day ' || day || ': ' || {Cpu} || ' µs, ' || {Bytes} || ' byte-seconds too many'
            FROM (
                SELECT 'tenant' AS kind, tenant AS name, starts_at / 86400000000 AS day, cpu_micros, byte_seconds FROM rollups
                UNION ALL
                SELECT source_kind, source, starts_at / 86400000000, -cpu_micros, -byte_seconds FROM rollups
                UNION ALL
                SELECT a.kind, a.name, starts_at / 86400000000, cpu_micros, byte_seconds FROM holdings h JOIN accounts a ON a.id = h.account
                UNION ALL
                SELECT CASE a.kind WHEN 'leased' THEN 'admission' WHEN 'overhead' THEN s.kind ELSE 'supply' END,
                    CASE a.kind WHEN 'leased' THEN a.name WHEN 'overhead' THEN s.name ELSE a.kind || '/' || a.name END,
                    starts_at / 86400000000, -cpu_micros, -byte_seconds
                FROM holdings h JOIN accounts a ON a.id = h.account
                LEFT JOIN accounts s ON a.kind = 'overhead' AND s.kind IN ('lot', 'worker') AND s.kind || '/' || s.name = a.name
                UNION ALL
                SELECT a.kind, a.name, t.at / 86400000000, -e.cpu_micros, -e.byte_seconds
                FROM entries e JOIN transactions t ON t.id = e.posting JOIN accounts a ON a.id = e.account
            ) AS both_sides
            GROUP BY kind, name, day HAVING {Cpu} <> 0 OR {Bytes} <> 0
            """),
    ];
}
