namespace Sandcastle.Manager.Ledger.Books;

/// <summary>
/// Books capacity over time. Each meter says up to which second it is booked, and moves in the same transaction as what it books: whoever reads
/// a worker, however often, books each second of it once. Each start of a worker has a meter of its own, so that no order of starts matters, and
/// no clock. Amounts are whole: millis × seconds is microseconds, bytes × seconds byte-seconds.
/// </summary>
internal sealed class Metering(ILedgerStore store)
{
    private const long Second = 1_000_000;

    /// <summary>No two managers' clocks are so far apart, in seconds: one was wrong, and nothing would be booked until it is right at last.</summary>
    private const long MistakenAhead = 3600;

    private const string OfWorkers = "worker";
    private const string OfLeases = "lease";
    private const string OfMeter = "kind = @kind AND name = @name AND incarnation = @incarnation";

    public Task PostAsync(WorkerReading reading, CancellationToken cancellationToken) => store.WriteAsync(
        async connection =>
        {
            var source = reading.Source;
            var accounts = await store.Accounts.FindOrOpenAsync(connection, [source, source.Supply, source.Overhead], cancellationToken);
            await using var page = await BookPage.BeginAsync(store, connection, cancellationToken);
            var meter = await ReadAsync(page, OfWorkers, reading.Meter, reading.Incarnation);
            var (epoch, until) = (LedgerTime.ToMicros(reading.StartedAt), meter.Until);
            var now = (long)reading.Elapsed.TotalSeconds;
            if (now <= until)
            {
                return 0;
            }

            until = Math.Max(until, now - (long)Math.Ceiling((reading.Longest ?? reading.Elapsed).TotalSeconds));
            var overheadCpu = Math.Max(0, (reading.Overhead.Ticks / TimeSpan.TicksPerMicrosecond) - meter.CpuMicros);
            var overheadBytes = Math.Max(0, reading.OverheadByteSeconds - meter.ByteSeconds);
            var passed = 0L;
            foreach (var (start, seconds) in Minutes(epoch + (until * Second), now - until))
            {
                var (cpu, bytes) = (reading.CpuMillis * 1000 * seconds, reading.MemoryBytes * seconds);

                // All of the CPU at once: when in between it was used is not known. Memory is held all the time.
                var spent = passed == 0 ? overheadCpu : 0;
                var held = Part(overheadBytes, passed + seconds, now - until) - Part(overheadBytes, passed, now - until);
                passed += seconds;
                await page.PostAsync(
                    "capacity", start, (accounts[source.Supply], -cpu, -bytes), (accounts[source], cpu - spent, bytes - held), (accounts[source.Overhead], spent, held));
                await page.HoldAsync(accounts[source], start, cpu, bytes);
                if (spent > 0 || held > 0)
                {
                    await page.HoldAsync(accounts[source.Overhead], start, spent, held);
                }
            }

            await WriteAsync(page, OfWorkers, reading.Meter, reading.Incarnation, epoch, now, meter.CpuMicros + overheadCpu, meter.ByteSeconds + overheadBytes);
            await page.CommitAsync();
            return 0;
        },
        cancellationToken);

    public Task PostAsync(LeaseReading reading, CancellationToken cancellationToken) => store.WriteAsync(
        async connection =>
        {
            var (leased, admission) = (new Account(AccountKinds.Leased, reading.Tenant), new Account(AccountKinds.Admission, reading.Tenant));
            var accounts = await store.Accounts.FindOrOpenAsync(connection, [leased, admission], cancellationToken);
            await using var page = await BookPage.BeginAsync(store, connection, cancellationToken);
            var meter = await ReadAsync(page, OfLeases, reading.Tenant, incarnation: "");
            var now = LedgerTime.ToMicros(reading.At) / Second;
            if (now <= meter.Until && meter.Until - now < MistakenAhead)
            {
                return 0;
            }

            var from = now < meter.Until || now - meter.Until > (long)reading.Longest.TotalSeconds ? now : meter.Until;
            foreach (var (start, seconds) in Minutes(from * Second, now - from))
            {
                var (cpu, bytes) = (reading.CpuMillis * 1000 * seconds, (reading.MemoryMib << 20) * seconds);
                if (cpu != 0 || bytes != 0)
                {
                    await page.PostAsync("lease", start, (accounts[admission], -cpu, -bytes), (accounts[leased], cpu, bytes));
                    await page.HoldAsync(accounts[leased], start, cpu, bytes);
                }
            }

            await WriteAsync(page, OfLeases, reading.Tenant, incarnation: "", epoch: 0, now, cpu: 0, bytes: 0);
            await page.CommitAsync();
            return 0;
        },
        cancellationToken);

    private async Task<MeterRow> ReadAsync(BookPage page, string kind, string name, string incarnation)
    {
        await page.ExecuteAsync(
            """
            INSERT INTO meters (kind, name, incarnation, epoch, until, cpu_micros, byte_seconds, booked_at) VALUES (@kind, @name, @incarnation, 0, 0, 0, 0, 0)
            ON CONFLICT (kind, name, incarnation) DO NOTHING
            """,
            new { kind, name, incarnation });
        return await page.QuerySingleAsync<MeterRow>(
            $"SELECT until AS Until, cpu_micros AS CpuMicros, byte_seconds AS ByteSeconds FROM meters WHERE {OfMeter}{store.Dialect.ForUpdate}",
            new { kind, name, incarnation });
    }

    private Task<int> WriteAsync(BookPage page, string kind, string name, string incarnation, long epoch, long until, long cpu, long bytes) => page.ExecuteAsync(
        $"UPDATE meters SET epoch = @epoch, until = @until, cpu_micros = @cpu, byte_seconds = @bytes, booked_at = {store.NowMicros} WHERE {OfMeter}",
        new { kind, name, incarnation, epoch, until, cpu, bytes });

    /// <summary>What of an amount falls into the first seconds; the parts of all of them add up to it.</summary>
    private static long Part(long amount, long seconds, long of) => (long)((Int128)amount * seconds / of);

    /// <summary>Whole seconds, cut where a minute ends, so that each part belongs to one.</summary>
    private static IEnumerable<(long Start, long Seconds)> Minutes(long start, long seconds)
    {
        while (seconds > 0)
        {
            var left = LedgerSpan.Minute.Floor(start) + LedgerSpan.Minute.Micros - start;
            var part = Math.Min(seconds, (left + Second - 1) / Second);
            yield return (start, part);
            start += part * Second;
            seconds -= part;
        }
    }

    private sealed record MeterRow
    {
        public long Until { get; init; }

        public long CpuMicros { get; init; }

        public long ByteSeconds { get; init; }
    }
}
