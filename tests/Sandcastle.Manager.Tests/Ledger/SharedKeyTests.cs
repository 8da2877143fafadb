using System.Net;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Ledger;

/// <summary>Managers side by side on one PostgreSQL: a key is one run, whichever of them is asked.</summary>
[Collection(PostgresCollection.Name)]
public sealed class SharedKeyTests(PostgresCluster cluster)
{
    private const string Body = """{"code":"x"}""";
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Post_sameKeyAtTwoManagersAtOnce_runsOnce()
    {
        var ledger = LedgerAddress.Parse(await cluster.NewDatabaseAsync());
        await using var one = await ManagerServer.StartAsync(new FakeWorker("w1"), ledger: ledger);
        await using var two = await ManagerServer.StartAsync(new FakeWorker("w2"), ledger: ledger);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        one.Worker.Program = two.Worker.Program = async run =>
        {
            await go.Task.WaitAsync(run.Cancelled);
            run.Stdout("once"u8);
        };
        var posts = Enumerable.Range(0, 32).Select(i => (i % 2 == 0 ? one : two).RunAsync(Body, Key("a"))).ToList();
        await Task.WhenAny(one.Worker.NextOrderAsync().AsTask(), two.Worker.NextOrderAsync().AsTask());
        go.SetResult();

        var runs = await Task.WhenAll(posts);
        runs.Select(r => r.Id).Distinct().Count().ShouldBe(1);
        runs.ShouldAllBe(r => r.Stdout == "once" && r.Outcome == Outcome.Succeeded && r.Receipt!.CpuMicros == 3000);
        (one.Worker.RunCount + two.Worker.RunCount).ShouldBe(1);
    }

    [Fact]
    public async Task Post_manyKeysAtTwoManagers_runEachOnce()
    {
        var ledger = LedgerAddress.Parse(await cluster.NewDatabaseAsync());
        await using var one = await ManagerServer.StartAsync(new FakeWorker("w1"), ledger: ledger);
        await using var two = await ManagerServer.StartAsync(new FakeWorker("w2"), ledger: ledger);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var key = $"key-{i / 4}";
            return (key, (await (i % 2 == 0 ? one : two).RunAsync(Body, Key(key))).Id);
        }));
        answers.Distinct().Count().ShouldBe(50);
        answers.Select(a => a.Id).Distinct().Count().ShouldBe(50);
        (one.Worker.RunCount + two.Worker.RunCount).ShouldBe(50);
    }

    [Fact]
    public async Task Post_keyThatAnotherManagerHas_waitsForItsResult()
    {
        await using var here = await ManagerServer.StartAsync(ledger: LedgerAddress.Parse(await cluster.NewDatabaseAsync()));
        var run = await ClaimElsewhereAsync(here);
        var waiting = here.RunAsync(Body, Key("a"));
        var events = here.PostAsync(Body, request =>
        {
            Key("a")(request);
            request.Headers.Add("Accept", "text/event-stream");
        });
        var (until, result) = (TimeProvider.System.GetUtcNow().AddMinutes(10), """{"id":"RUN","tenant":"default","template":"python","outcome":"cancelled"}""");
        await here.Ledger.SettleKeyAsync(
            "default", "a", run, System.Text.Encoding.UTF8.GetBytes(result.Replace("RUN", run.Value, StringComparison.Ordinal)), until, TestContext.Current.CancellationToken);
        var ended = await waiting;
        (ended.Id, ended.Outcome).ShouldBe((run.Value, Outcome.Cancelled));
        using var stream = await events;
        (await stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldStartWith($$"""event: result{{'\n'}}data: {"id":"{{run}}",""");
        here.Worker.RunCount.ShouldBe(0);
    }

    [Fact]
    public async Task Post_keyThatAnotherManagerGivesBack_isToldToTryAgainAndThenRuns()
    {
        await using var here = await ManagerServer.StartAsync(ledger: LedgerAddress.Parse(await cluster.NewDatabaseAsync()));
        var run = await ClaimElsewhereAsync(here);
        var waiting = here.PostAsync(Body, Key("a"));
        await here.Ledger.ReleaseKeyAsync("default", "a", run, TestContext.Current.CancellationToken);
        using var response = await waiting;
        if (response.StatusCode != HttpStatusCode.OK)
        {
            // It was waiting by then; else it came to a free key, and ran.
            (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.ServiceUnavailable)).Kind.ShouldBe(RefusalKind.NoCapacity);
            response.Headers.RetryAfter.ShouldNotBeNull();
        }

        (await here.RunAsync(Body, Key("a"))).Outcome.ShouldBe(Outcome.Succeeded);
        here.Worker.RunCount.ShouldBe(1);
    }

    [Fact]
    public async Task Post_keyWhoseManagerDies_isAnsweredByTheReceiptAndNeverRunAgain()
    {
        await using var here = await ManagerServer.StartAsync(ledger: LedgerAddress.Parse(await cluster.NewDatabaseAsync()));
        var run = await ClaimElsewhereAsync(here);
        var waiting = here.RunAsync(Body, Key("a"));
        await here.Ledger.RecordAsync([Receipts.New(run, outcome: Outcome.Interrupted)], TestContext.Current.CancellationToken);
        await here.Ledger.LeaveAsync("elsewhere", TestContext.Current.CancellationToken);
        var ended = await waiting;
        (ended.Id, ended.Outcome).ShouldBe((run.Value, Outcome.Interrupted));
        here.Worker.RunCount.ShouldBe(0);
    }

    [Fact]
    public async Task Post_whileTheLedgerIsAway_isRefusedWithoutARun()
    {
        await using var here = await ManagerServer.StartAsync(ledger: LedgerAddress.Parse(await cluster.NewDatabaseAsync()));
        var known = await here.RunAsync(Body, Key("known"));
        await cluster.KillAsync();
        try
        {
            using var response = await here.PostAsync(Body, Key("a"));
            var problem = await ManagerServer.ReadProblemAsync(response, HttpStatusCode.ServiceUnavailable);
            problem.Kind.ShouldBe(RefusalKind.NoCapacity);
            problem.Detail.ShouldBe("the ledger does not answer now");
            response.Headers.RetryAfter.ShouldNotBeNull();

            // What needs no ledger goes on: what is in memory, and programs without a key.
            (await here.RunAsync(Body, Key("known"))).Id.ShouldBe(known.Id);
            (await here.RunAsync(Body)).Outcome.ShouldBe(Outcome.Succeeded);
            here.Worker.RunCount.ShouldBe(2);
        }
        finally
        {
            await cluster.StartAsync();
        }

        (await here.RunAsync(Body, Key("a"))).Outcome.ShouldBe(Outcome.Succeeded);
    }

    private static async Task<RunId> ClaimElsewhereAsync(ManagerServer here)
    {
        var run = RunId.New();
        await here.Ledger.BeatAsync("elsewhere", Lease, TestContext.Current.CancellationToken);
        (await here.Ledger.ClaimKeyAsync(Claims.Of(Body, "a", run, "elsewhere"), TestContext.Current.CancellationToken)).ShouldBeNull();
        return run;
    }

    private static Action<HttpRequestMessage> Key(string key) => request => request.Headers.Add("Idempotency-Key", key);
}
