using System.Net;
using System.Text.Json;
using Sandcastle.Manager.Edges;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Books;
using Sandcastle.Manager.Ledger.Usage;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Ledger;

/// <summary><c>/v1/usage</c> and its export, as a caller sees them.</summary>
public sealed class UsageAnswerTests
{
    private const string Day = "from=2026-05-04T00:00:00Z&to=2026-05-05T00:00:00Z";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Usage_byHourAndLot_hasWhatWasLeasedBesideWhatWasUsed()
    {
        await using var server = await StartAsync();
        await server.Ledger.MeterAsync(new LeaseReading("default", 1000, 1, Receipts.Noon, TimeSpan.FromMinutes(1)), Cancelled);
        await server.Ledger.MeterAsync(new LeaseReading("default", 1000, 1, Receipts.Noon.AddSeconds(30), TimeSpan.FromMinutes(1)), Cancelled);
        var usage = await GetAsync(server, $"{Day}&by=hour");
        var row = usage.Rows.Single();
        (row.At, row.Runs, row.CpuMicros, row.Leased!.CpuMicros, row.Efficiency).ShouldBe((Receipts.Noon, 2, 6000, 30_000_000, 0.0002));
        (row.Reserved, usage.Total.Leased, usage.CapacityFrom).ShouldBe((null, row.Leased, usage.From));

        usage = await GetAsync(server, $"{Day}&by=lot,outcome");
        usage.Rows.Select(r => (r.Lot, r.Worker, r.Outcome, r.Runs)).ShouldBe([("lot-a", null, Outcome.Succeeded, 1), (null, "worker-a", Outcome.Failed, 1)]);
        (await GetAsync(server, $"{Day}&by=")).Rows.Single().Runs.ShouldBe(2);
    }

    /// <summary>For who may know of everybody.</summary>
    [Fact]
    public async Task Report_ofAllTenants_hasWhatWasReservedBesideWhatWasUsed()
    {
        await using var server = await StartAsync();
        await server.Ledger.MeterAsync(
            new WorkerReading
            {
                Meter = "w",
                Worker = "w",
                Lot = "lot-a",
                Incarnation = "first",
                StartedAt = Receipts.Noon,
                Elapsed = TimeSpan.FromSeconds(60),
                CpuMillis = 100,
                MemoryBytes = 1 << 20,
                Overhead = TimeSpan.FromSeconds(1),
            },
            Cancelled);
        var report = new UsageReport(server.Ledger, new PendingReceipts(server.Clock), server.Clock);
        var (from, to) = (Receipts.Noon.AddHours(-1), Receipts.Noon.AddHours(1));
        var usage = await report.ReadAsync(tenant: null, from, to, [UsageDimension.Lot], Cancelled);
        usage.Tenant.ShouldBe("*");
        usage.Rows.Select(r => (r.Lot, r.Worker, r.CpuMicros, r.Reserved?.CpuMicros, r.Overhead?.CpuMicros, r.Efficiency)).ShouldBe(
            [("lot-a", null, 3000, 6_000_000, 1_000_000, 0.0005), (null, "worker-a", 6000, null, null, null)]);
        (usage.Total.CpuMicros, usage.Total.Reserved!.MemoryByteSeconds).ShouldBe((9000, 60.0 * (1 << 20)));
        usage = await report.ReadAsync(tenant: null, from, to, [UsageDimension.Tenant, UsageDimension.Hour], Cancelled);
        usage.Rows.Select(r => (r.Tenant, r.At, r.Runs)).ShouldBe([("default", Receipts.Noon, 2), ("other", Receipts.Noon, 1)]);
    }

    [Theory]
    [InlineData("by=colour")]
    [InlineData("by=hour,day")]
    [InlineData("by=lot,lot")]
    public async Task Usage_byWhatThereIsNot_isNamed(string query)
    {
        await using var server = await ManagerServer.StartAsync();
        using var response = await server.Client.GetAsync($"/v1/usage?{query}", Cancelled);
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.BadRequest)).Errors!.Single().Field.ShouldBe("by");
    }

    [Theory]
    [InlineData("/v1/usage?tenant=other")]
    [InlineData("/v1/usage?tenant=*")]
    [InlineData("/v1/usage/export?tenant=other")]
    [InlineData("/v1/usage/export?tenant=*")]
    public async Task Usage_ofANeighbour_isForbidden(string path)
    {
        await using var server = await ManagerServer.StartAsync();
        using var somebody = server.As(await server.NewKeyAsync("somebody"));
        using var response = await somebody.GetAsync(path, Cancelled);
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.Forbidden)).Kind.ShouldBe(RefusalKind.Forbidden);
    }

    [Fact]
    public async Task Usage_edgeInATimeThatIsFolded_isRefusedWithWhatCanBeAsked()
    {
        await using var server = await StartAsync();
        await server.Ledger.RetireAsync(new BookRetention(), Receipts.Noon.AddDays(60), Cancelled);
        (await GetAsync(server, Day)).Total.Runs.ShouldBe(2);
        using var response = await server.Client.GetAsync("/v1/usage?from=2026-05-04T12:30:00Z&to=2026-05-05T00:00:00Z", Cancelled);
        var error = (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.BadRequest)).Errors!.Single();
        (error.Field, error.Message).ShouldBe(("from", "is in a time that is kept by the hour now: ask for 2026-05-04T12:00:00Z or 2026-05-04T13:00:00Z"));
    }

    [Fact]
    public async Task Export_csv_hasTheTenantsReceiptsAndNoFormula()
    {
        await using var server = await StartAsync();
        var text = await server.Client.GetStringAsync($"/v1/usage/export?{Day}", Cancelled);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3);
        lines[0].ShouldStartWith("run,tenant,template,");
        lines.ShouldAllBe(l => l.Split(',', StringSplitOptions.None).Length >= 22);
        lines[1..].ShouldContain(l => l.Contains(",default,\"'=a,\"\"b\",fork,builtin,worker-a,lot-a,2026-05-04T12:00:00.000000Z,succeeded,0,,3000,2000,1000,2900,4000,5242880,20971.5,20972,100,6,6"));
    }

    [Fact]
    public async Task Export_jsonLines_areOneObjectEach()
    {
        await using var server = await StartAsync();
        var text = await server.Client.GetStringAsync($"/v1/usage/export?{Day}&format=jsonl", Cancelled);
        var receipts = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        receipts.Select(r => r.GetProperty("tenant").GetString()).ShouldBe(["default", "default"]);
        receipts.Sum(r => r.GetProperty("cpuMicros").GetInt64()).ShouldBe(6000);
        receipts.ShouldAllBe(r => r.GetProperty("limits").GetProperty("memoryBytes").GetInt64() > 0 && r.GetProperty("sources").GetProperty("cpu").GetProperty("kind").GetString() == "exact");
        using var response = await server.Client.GetAsync("/v1/usage/export?format=xml", Cancelled);
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.BadRequest)).Errors!.Single().Field.ShouldBe("format");
    }

    /// <summary>What a worker's meter says is booked when the manager leaves, at the latest.</summary>
    [Fact]
    public async Task Stop_manager_booksWhatItsWorkersHad()
    {
        var directory = Directory.CreateTempSubdirectory("sandcastle-meter-").FullName;
        var worker = new FakeWorker
        {
            Meter = new WorkerMeter
            {
                Incarnation = "first",
                StartedAt = Receipts.Noon,
                Elapsed = TimeSpan.FromSeconds(90.5),
                CpuMillis = 1500,
                MemoryBytes = 1 << 20,
                Overhead = TimeSpan.FromSeconds(2),
                Lot = "lot-a",
            },
        };
        await (await ManagerServer.StartAsync(worker, directory: directory)).DisposeAsync();
        await using (var server = await ManagerServer.StartAsync(worker, directory: directory))
        {
            var balance = (await server.Ledger.VerifyAsync(Cancelled)).Balances.Single();
            (balance.Source, balance.Reserved, balance.Overhead.CpuMicros).ShouldBe(("lot/lot-a", ((Int128)135_000_000, (Int128)90 << 20), 2_000_000));
        }

        Directory.Delete(directory, recursive: true);
    }

    private static async Task<ManagerServer> StartAsync()
    {
        var server = await ManagerServer.StartAsync();
        await server.Ledger.RecordAsync(
            [
                Receipts.New(template: "=a,\"b") with { Lot = "lot-a" },
                Receipts.New(outcome: Outcome.Failed) with { StartedAt = Receipts.Noon.AddMinutes(1) },
                Receipts.New(tenant: "other"),
            ],
            Cancelled);
        return server;
    }

    private static async Task<UsageResponse> GetAsync(ManagerServer server, string query)
    {
        var text = await server.Client.GetStringAsync($"/v1/usage?{query}", Cancelled);
        return JsonSerializer.Deserialize(text, RestJson.Default.UsageResponse)!;
    }
}
