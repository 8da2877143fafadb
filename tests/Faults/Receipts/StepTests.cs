using Sandcastle.Link.Mapping;
using Sandcastle.Link.V1;
using Sandcastle.Linux.Processes;
using Sandcastle.Manager.Ledger;
using Sandcastle.Postgres;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Faults.Receipts;

/// <summary>Whoever dies while a receipt is anywhere on its way from the journal into the ledger: it gets there, and once.</summary>
public sealed class StepTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_or_manager_that_dies_at_any_step_loses_and_doubles_nothing_in_SQLite()
    {
        var directory = Directory.CreateTempSubdirectory("sandcastle-steps-");
        var path = Path.Combine(directory.FullName, "ledger.db");
        // A file has no server that could die; a manager that dies with it leaves it as the next opens it.
        await TryAllAsync(() => new SqliteLedger(path, TimeProvider.System), [Victim.Worker, Victim.Manager], () => Task.CompletedTask, () => Task.CompletedTask);
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Worker_manager_or_database_that_dies_at_any_step_loses_and_doubles_nothing_in_PostgreSQL()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var server = await PostgresServer.StartAsync();
        var address = LedgerAddress.Parse(await server.NewDatabaseAsync(Cancelled));
        await TryAllAsync(() => PostgresLedger.Open(address, TimeProvider.System), Enum.GetValues<Victim>(), server.KillAsync, server.StartAgainAsync);
    }

    private static async Task TryAllAsync(Func<ILedger> open, IReadOnlyList<Victim> victims, Func<Task> killDatabase, Func<Task> startDatabase)
    {
        Assert.SkipUnless(OwnProcess.EffectiveUid == 0, "making jails for these tests needs root");
        await using var worker = await LinkedWorker.StartAsync();
        (await worker.MetricsAsync()).ShouldContain("sandcastle_unaccounted_cpu_seconds_total");
        var tally = new Tally();
        foreach (var step in Enum.GetValues<Step>())
        {
            foreach (var victim in victims)
            {
                await TryAsync(new Way(worker, open, tally, killDatabase, startDatabase), step, victim);
            }
        }
    }

    private static async Task TryAsync(Way way, Step step, Victim victim)
    {
        for (var i = 0; i < 3; i++)
        {
            var receipt = await way.Worker.RunAsync("echo $((6 * 7))");
            receipt.Lot.ShouldBe("lot-7");
            way.Tally.Add(receipt);
        }

        if (step == Step.Written && victim == Victim.Worker)
        {
            var going = RunId.New();
            way.Tally.AddInterrupted(going);
            using var call = await way.Worker.StartAsync(going, "echo up; sleep 60");
            await way.DieAsync(victim);
        }
        else if (step == Step.Written)
        {
            await way.DieAsync(victim);
        }
        else
        {
            await way.GoAsync(step, victim);
        }

        await way.CarryAsync();
        await using var ledger = way.Open();
        await way.Tally.ShouldBeInAsync(ledger, unnamed: 0, Cancelled);
    }

    /// <summary>From the journal into the ledger, as a manager goes it.</summary>
    private sealed record Way(LinkedWorker Worker, Func<ILedger> Open, Tally Tally, Func<Task> KillDatabase, Func<Task> StartDatabase)
    {
        internal async Task DieAsync(Victim victim)
        {
            switch (victim)
            {
                case Victim.Worker:
                    await Worker.ReplaceAsync();
                    break;
                case Victim.Database:
                    await KillDatabase();
                    await StartDatabase();
                    break;
            }
        }

        /// <summary>Up to a step; then somebody dies. What a manager had in its hands is gone with this call.</summary>
        internal async Task GoAsync(Step step, Victim victim)
        {
            await using var ledger = Open();
            using var call = Worker.OpenReceipts();
            (await call.ResponseStream.MoveNext(Cancelled)).ShouldBeTrue();
            var batch = call.ResponseStream.Current;
            if (step == Step.Offered && victim == Victim.Database)
            {
                await KillDatabase();
                var recording = ledger.RecordAsync(Receipts(batch), Cancelled);
                await StartDatabase();
                // It may have waited for the database, or given up; the manager dies with it, in this test, and nothing was acknowledged.
                await recording.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            if (step >= Step.Committed)
            {
                await ledger.RecordAsync(Receipts(batch), Cancelled);
            }

            if (step >= Step.Acknowledged)
            {
                await call.RequestStream.WriteAsync(new ReceiptAcknowledgement { Position = batch.Position }, Cancelled);
            }

            await DieAsync(victim);
        }

        /// <summary>Carries on until the ledger has all of it.</summary>
        internal async Task CarryAsync()
        {
            await using var ledger = Open();
            using var call = Worker.OpenReceipts();
            while (!await Tally.IsWholeAsync(ledger, Cancelled))
            {
                (await call.ResponseStream.MoveNext(Cancelled)).ShouldBeTrue("the journal has no more, and the ledger has not all");
                var batch = call.ResponseStream.Current;
                await ledger.RecordAsync(Receipts(batch), Cancelled);
                await call.RequestStream.WriteAsync(new ReceiptAcknowledgement { Position = batch.Position }, Cancelled);
            }
        }

        private static List<Protocol.Runs.Receipt> Receipts(Link.V1.ReceiptBatch batch) => [.. batch.Receipts.Select(receipt => receipt.FromWire())];
    }
}
