using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tests.Ledger;

/// <summary><c>/v1/ledger/verify</c>: the books of a server that goes on serving.</summary>
public sealed class VerifyEndpointTests
{
    private const string Path = "/v1/ledger/verify";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_holdsWithTheRunThatHasJustEnded_andNamesWhatIsWrong()
    {
        await using var server = await ManagerServer.StartAsync();
        await server.RunAsync("""{"code":"x"}""");
        var proof = await GetAsync(server);
        (proof.Holds, proof.Receipts, proof.Transactions, proof.Checks.Count).ShouldBe((true, 1, 1, 8));
        proof.Checks.ShouldAllBe(check => check.Broken == 0 && check.Examples.Count == 0);
        var balance = proof.Balances.ShouldHaveSingleItem();
        (balance.Source, balance.Used.CpuMicros, balance.Used.ByteSeconds, balance.Idle.CpuMicros).ShouldBe(("worker/worker-a", "3000", "20972", "-3000"));

        await using (var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(server.Directory, "ledger.db")};Pooling=False"))
        {
            await connection.OpenAsync(Cancelled);
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE entries SET cpu_micros = cpu_micros + 1 WHERE cpu_micros > 0";
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        proof = await GetAsync(server);
        proof.Holds.ShouldBeFalse();
        proof.Checks.Single(check => check.Promise == "every transaction balances to zero").ShouldSatisfyAllConditions(
            check => check.Broken.ShouldBe(1),
            check => check.Examples.ShouldBe(["transaction 1: 1 µs, 0 byte-seconds"]));
    }

    /// <summary>Whoever asks meanwhile is told to come again: a thousand of them must not have a thousand readers go through the ledger.</summary>
    [Fact]
    public async Task Verify_whileItIsDoneForSomebodyElse_isRefused()
    {
        await using var server = await ManagerServer.StartAsync();
        using var hold = new ManualResetEventSlim();

        // The first waits for the receipt of a run that has ended.
        server.Worker.Acknowledging = () => hold.Wait(Cancelled);
        await server.RunAsync("""{"code":"x"}""");
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => server.Client.GetAsync(Path, Cancelled)));
        hold.Set();
        answers.ShouldContain(answer => answer.StatusCode == HttpStatusCode.OK);
        var refused = answers.First(answer => answer.StatusCode != HttpStatusCode.OK);
        (await ManagerServer.ReadProblemAsync(refused, HttpStatusCode.ServiceUnavailable)).Detail.ShouldContain("once at a time");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        foreach (var answer in answers)
        {
            answer.Dispose();
        }

        (await GetAsync(server)).Holds.ShouldBeTrue();
    }

    private static async Task<LedgerProofResponse> GetAsync(ManagerServer server) =>
        JsonSerializer.Deserialize(await server.Client.GetStringAsync(Path, Cancelled), RestJson.Default.LedgerProofResponse)!;
}
