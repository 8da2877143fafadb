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
    [InlineData("from=1,2", "from")]
    [InlineData("from=5", "from")]
    [InlineData("from=2026-01-01&from=2026-01-02", "from")]
    [InlineData("form=2026-01-01", "form")]
    [InlineData("format=csv", "format")]
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

    private static async Task<UsageResponse> UsageAsync(ManagerServer server, string path)
    {
        var text = await server.Client.GetStringAsync(path, TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize(text, RestJson.Default.UsageResponse)!;
    }
}
