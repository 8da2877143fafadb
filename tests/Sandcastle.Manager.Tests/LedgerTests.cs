using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests;

public sealed class LedgerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sandcastle-ledger-").FullName;

    private string LedgerPath => Path.Combine(_directory, "ledger.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Record_sameReceiptTwice_isChargedOnce()
    {
        await using var ledger = new SqliteLedger(LedgerPath, TimeProvider.System);
        var receipt = Receipts.New();
        await ledger.RecordAsync([receipt, receipt], TestContext.Current.CancellationToken);
        await ledger.RecordAsync([receipt with { CpuMicros = 1 }, Receipts.New()], TestContext.Current.CancellationToken);
        var rows = await SumAsync(ledger, "default");
        rows.Single().Runs.ShouldBe(2);
        rows.Single().CpuMicros.ShouldBe(6000);
    }

    [Fact]
    public async Task Find_recordedReceipt_comesBackWhole()
    {
        await using var ledger = new SqliteLedger(LedgerPath, TimeProvider.System);
        var receipt = Receipts.New(outcome: Outcome.OutOfMemory) with { ExitCode = null, Signal = 9, Unenforced = ["memory", "cpu"] };
        await ledger.RecordAsync([receipt], TestContext.Current.CancellationToken);
        var found = await ledger.FindAsync("default", receipt.Run, TestContext.Current.CancellationToken);
        (found! with { Sources = receipt.Sources, Unenforced = receipt.Unenforced }).ShouldBe(receipt);
        found.Unenforced.ShouldBe(receipt.Unenforced);
        found.Sources["memory"].ShouldBe(receipt.Sources["memory"]);
        (await ledger.FindAsync("other", receipt.Run, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task Sum_interval_takesItsStartAndNotItsEnd()
    {
        await using var ledger = new SqliteLedger(LedgerPath, TimeProvider.System);
        await ledger.RecordAsync(
            [
                Receipts.New(),
                Receipts.New(outcome: Outcome.Failed),
                Receipts.New(template: "bash"),
                Receipts.New(tenant: "other"),
                Receipts.New() with { StartedAt = Receipts.Noon.AddHours(1) },
                Receipts.New() with { StartedAt = Receipts.Noon.AddTicks(-10) },
            ],
            TestContext.Current.CancellationToken);
        var rows = await SumAsync(ledger, "default");
        rows.Select(r => (r.Template, r.Outcome, r.Runs)).ShouldBe(
            [("bash", Outcome.Succeeded, 1), ("python", Outcome.Failed, 1), ("python", Outcome.Succeeded, 1)]);
    }

    [Fact]
    public async Task Open_again_keepsWhatWasRecorded()
    {
        var receipt = Receipts.New();
        await using (var ledger = new SqliteLedger(LedgerPath, TimeProvider.System))
        {
            await ledger.RecordAsync([receipt], TestContext.Current.CancellationToken);
        }

        await using var again = new SqliteLedger(LedgerPath, TimeProvider.System);
        (await again.FindAsync("default", receipt.Run, TestContext.Current.CancellationToken)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Open_ledgerOfALaterVersion_refuses()
    {
        await new SqliteLedger(LedgerPath, TimeProvider.System).DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={LedgerPath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 999";
            command.ExecuteNonQuery();
        }

        Should.Throw<InvalidOperationException>(() => new SqliteLedger(LedgerPath, TimeProvider.System)).Message.ShouldContain("later version");
    }

    [Fact]
    public async Task Intake_receiptsOfAPredecessor_areRecordedThenAcknowledged()
    {
        var worker = new FakeWorker();
        worker.Journal(Receipts.New(outcome: Outcome.Interrupted), Receipts.New());
        await using var server = await ManagerServer.StartAsync(worker);
        await server.RunAsync("""{"code":"x"}""");
        var usage = await UsageAsync(server, "/v1/usage?from=2026-01-01T00:00:00Z");
        usage.Total.Runs.ShouldBe(3);
        usage.Rows.ShouldContain(r => r.Outcome == Outcome.Interrupted && r.Runs == 1);
        worker.Acknowledged.ShouldBe(3);
    }

    [Fact]
    public async Task Usage_rightAfterTheAnswer_holdsTheRun()
    {
        await using var server = await ManagerServer.StartAsync();
        for (var i = 1; i <= 5; i++)
        {
            await server.RunAsync("""{"code":"x"}""");
            var usage = await UsageAsync(server, "/v1/usage");
            usage.Tenant.ShouldBe("default");
            usage.Total.Runs.ShouldBe(i);
            usage.Total.CpuMicros.ShouldBe(3000 * i);
        }
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=x", "to")]
    [InlineData("from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "from")]
    public async Task Usage_badTime_isNamed(string query, string field)
    {
        await using var server = await ManagerServer.StartAsync();
        using var response = await server.Client.GetAsync($"/v1/usage?{query}", TestContext.Current.CancellationToken);
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.BadRequest)).Errors!.Single().Field.ShouldBe(field);
    }

    [Fact]
    public async Task Get_afterARestart_answersFromTheLedger()
    {
        string id;
        await using (var server = await ManagerServer.StartAsync(directory: _directory))
        {
            id = (await server.RunAsync("""{"code":"x"}""")).Id;
            await UsageAsync(server, "/v1/usage");
        }

        await using var next = await ManagerServer.StartAsync(directory: _directory);
        using var response = await next.Client.GetAsync($"/v1/runs/{id}", TestContext.Current.CancellationToken);
        var run = await ManagerServer.ReadAsync(response);
        run.Outcome.ShouldBe(Outcome.Succeeded);
        run.Receipt!.CpuMicros.ShouldBe(3000);
        run.Template.ShouldBe("python");
    }

    private static Task<IReadOnlyList<UsageRow>> SumAsync(SqliteLedger ledger, string tenant) =>
        ledger.SumAsync(tenant, Receipts.Noon, Receipts.Noon.AddHours(1), TestContext.Current.CancellationToken);

    private static async Task<UsageResponse> UsageAsync(ManagerServer server, string path)
    {
        var text = await server.Client.GetStringAsync(path, TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize(text, RestJson.Default.UsageResponse)!;
    }
}
