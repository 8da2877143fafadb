using System.Diagnostics;
using Sandcastle.Bench.Reports;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Books;
using Sandcastle.Postgres;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Bench.Measures;

/// <summary>
/// 11: receipts a second into either store, posted and summed up, each commit on disk, in batches as the manager makes them at that rate; beside
/// it capacity is booked and what is old is retired, and at the end the books are proven.
/// </summary>
internal sealed class LedgerMeasure : IMeasure
{
    private const string Unit = "receipts/s";

    /// <summary>What gathers in 50 ms, the pace of the intake, at 2,000 a second.</summary>
    private const int Batch = 100;

    /// <summary>Batches between two turns of what else a manager does to the ledger: some ten a second, where it does so every ten seconds.</summary>
    private const int Turn = 20;

    /// <summary>As many tenants, templates and lots as there are: each combination is a row a minute.</summary>
    private const int Kinds = 3;

    private static readonly DateTimeOffset Began = TimeProvider.System.GetUtcNow();

    private static readonly Bound Must = Bound.NoLessThan(2000);
    private static readonly Bound Aim = Bound.NoLessThan(5000);

    public int Number => 11;

    public string Name => "ledger";

    public IReadOnlyList<Row> Promises => [Sqlite, Postgres];

    private Row Sqlite => new() { Measure = Number, Name = "receipts recorded, SQLite", Must = Must, Aim = Aim };

    private Row Postgres => new() { Measure = Number, Name = "receipts recorded, PostgreSQL", Must = Must, Aim = Aim };

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        await session.EndServerAsync();
        var length = TimeSpan.FromSeconds(session.Options.Times(10, 1));
        var directory = Directory.CreateTempSubdirectory("sandcastle-bench-ledger-").FullName;
        await using (var ledger = new SqliteLedger(Path.Combine(directory, "ledger.db"), TimeProvider.System))
        {
            session.Report.Rows.Add(Sqlite with { Product = new Figure(await RateAsync(ledger, length, cancellationToken), Unit) });
        }

        Directory.Delete(directory, recursive: true);
        if (PostgresServer.Missing is { } missing)
        {
            session.Report.Rows.Add(Postgres with { Skipped = missing });
            return;
        }

        await using var server = await PostgresServer.StartAsync(durable: true);
        await using var shared = PostgresLedger.Open(LedgerAddress.Parse(await server.NewDatabaseAsync(cancellationToken)), TimeProvider.System);
        session.Report.Rows.Add(Postgres with { Product = new Figure(await RateAsync(shared, length, cancellationToken), Unit) });
    }

    private static async Task<double> RateAsync(ILedger ledger, TimeSpan length, CancellationToken cancellationToken)
    {
        for (var i = 0; i < 20; i++)
        {
            await ledger.RecordAsync(Receipts(), cancellationToken);
        }

        var start = Stopwatch.GetTimestamp();
        var recorded = 0;
        while (Stopwatch.GetElapsedTime(start) < length)
        {
            await ledger.RecordAsync(Receipts(), cancellationToken);
            recorded += Batch;
            if (recorded % (Turn * Batch) == 0)
            {
                await ledger.MeterAsync(Meter(Stopwatch.GetElapsedTime(start)), cancellationToken);
                await ledger.RetireAsync(new BookRetention(), TimeProvider.System.GetUtcNow(), cancellationToken);
            }
        }

        var rate = recorded / Stopwatch.GetElapsedTime(start).TotalSeconds;
        var proof = await ledger.VerifyAsync(cancellationToken);
        return proof.Holds ? rate : throw new BenchException("the books do not hold: " + string.Join("; ", proof.Checks.Where(c => c.Broken > 0).Select(c => c.Promise)));
    }

    private static WorkerReading Meter(TimeSpan elapsed) => new()
    {
        Meter = "worker-a",
        Worker = "worker-a",
        Lot = "lot-0",
        Incarnation = "first",
        StartedAt = Began,
        Elapsed = elapsed,
        CpuMillis = 2000,
        MemoryBytes = 1L << 32,
    };

    private static List<Receipt> Receipts() => [.. Enumerable.Range(0, Batch).Select(i => new Receipt
    {
        Run = RunId.New(),
        Tenant = $"tenant-{i % Kinds}",
        Template = $"template-{i / Kinds % Kinds}",
        Profile = "fork",
        Keep = "builtin",
        Worker = "worker-a",
        Lot = $"lot-{i / Kinds / Kinds % Kinds}",
        StartedAt = TimeProvider.System.GetUtcNow(),
        Outcome = Outcome.Succeeded,
        ExitCode = 0,
        CpuMicros = 3000,
        CpuUserMicros = 2000,
        CpuSystemMicros = 1000,
        RusageCpuMicros = 2900,
        WallMicros = 4000,
        PeakMemoryBytes = 5 << 20,
        MemoryByteSeconds = 20971.5,
        IoReadBytes = 100,
        IoWriteBytes = 6,
        OutputBytes = 6,
        Limits = RunLimits.Default,
        Sources = new Dictionary<string, FigureSource>(StringComparer.Ordinal)
        {
            ["cpu"] = new("cpuacct.usage", FigureKind.Exact),
            ["memory"] = new("memory.max_usage_in_bytes", FigureKind.Exact),
        },
    })];
}
