using System.Net;
using System.Text.Json;
using Sandcastle.Client;
using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Link.Tls;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Manager.Tests.Ledger;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Peers;

/// <summary>A run's id at the manager that did not start it: what that one would have answered, and to nobody else.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PeerRunTests(PostgresCluster cluster)
{
    private const string Body = """{"code":"x","metadata":{"who":"me"}}""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_runOfTheOther_isThereFromItsStartToItsEndWithItsOutput()
    {
        await using var managers = await TwoManagers.StartAsync(cluster);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        managers.One.Worker.Program = async run =>
        {
            run.Stdout([0xff, 0x0a]);
            await go.Task.WaitAsync(run.Cancelled);
            run.Files = [new RunFile("a.bin", new byte[] { 1, 2 })];
        };
        var posted = managers.One.RunAsync(Body);
        var id = (await managers.One.Worker.NextOrderAsync()).Id;

        var running = await GetAsync(managers.Two.Client, id);
        (running.Status, running.Outcome, running.Metadata!["who"]).ShouldBe(("running", null, "me"));

        go.SetResult();
        var ended = await posted;
        foreach (var manager in (ManagerServer[])[managers.One, managers.Two])
        {
            var found = await GetAsync(manager.Client, id);
            JsonSerializer.Serialize(found, RestJson.Default.RunResponse).ShouldBe(JsonSerializer.Serialize(ended, RestJson.Default.RunResponse));
        }

        using var grpc = managers.Two.Grpc();
        (await grpc.GetRunAsync(id.Value, Cancelled)).Stdout.ShouldBe("\ufffd\n");
        managers.Two.Worker.RunCount.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_runOfTheOther_endsItForBoth(bool grpc)
    {
        await using var managers = await TwoManagers.StartAsync(cluster);
        managers.One.Worker.Program = run => run.UntilCancelledAsync();
        var posted = managers.One.RunAsync(Body);
        var id = (await managers.One.Worker.NextOrderAsync()).Id;

        if (grpc)
        {
            using var client = managers.Two.Grpc();
            await client.CancelAsync(id.Value, Cancelled);
        }
        else
        {
            (await DeleteAsync(managers.Two.Client, id)).Outcome.ShouldBe(Outcome.Cancelled);
        }

        (await posted).Outcome.ShouldBe(Outcome.Cancelled);

        // Once more: it is left as it is.
        (await DeleteAsync(managers.Two.Client, id)).Receipt!.CpuMicros.ShouldBe(3000);
    }

    /// <summary>No worker has heard of it: the manager in whose line it is, alone knows it.</summary>
    [Fact]
    public async Task Cancel_runThatWaitsAtTheOther_takesItOutOfTheLine()
    {
        await using var managers = await TwoManagers.StartAsync(cluster, new TenantOptions { Defaults = new TenantTerms { ConcurrentRuns = 1 } });
        managers.One.Worker.Program = run => run.UntilCancelledAsync();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var first = managers.One.PostAsync(Body, cancellationToken: leave.Token);
        await managers.One.Worker.NextOrderAsync();
        using var second = await managers.One.PostAsync(
            """{"code":"x","queue":{"maxWaitMs":60000}}""", request => request.Headers.Add("Accept", "text/event-stream"));
        using var events = new StreamReader(await second.Content.ReadAsStreamAsync(Cancelled));
        (await events.ReadLineAsync(Cancelled)).ShouldBe("event: queued");
        var queued = JsonSerializer.Deserialize((await events.ReadLineAsync(Cancelled))!["data: ".Length..], RestJson.Default.QueuedEvent)!;

        var ended = await DeleteAsync(managers.Two.Client, RunId.Parse(queued.Id));

        (ended.Outcome, ended.Receipt).ShouldBe((Outcome.Cancelled, null));
        (await events.ReadToEndAsync(Cancelled)).ShouldContain("\"cancelled\"");
        managers.One.Worker.RunCount.ShouldBe(1);
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
    }

    /// <summary>What a neighbour finds at the other manager under an id that is not his: what he finds under one that nobody has.</summary>
    [Fact]
    public async Task Neighbour_withTheOwnersId_isToldWhatAnUnknownIdIsTold()
    {
        await using var managers = await TwoManagers.StartAsync(cluster);
        using var neighbour = managers.Two.As(await managers.Two.NewKeyAsync("neighbour"));
        managers.One.Worker.Program = run => run.Order.Tenant == "default" && !run.Order.Code!.Value.Span.SequenceEqual("y"u8) ? run.UntilCancelledAsync() : Task.CompletedTask;
        var posted = managers.One.RunAsync(Body);
        var running = (await managers.One.Worker.NextOrderAsync()).Id;
        var ended = RunId.Parse((await managers.One.RunAsync("""{"code":"y"}""")).Id);
        var unknown = RunId.New(running.Origin);

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
        {
            var told = await TellAsync(neighbour, method, unknown);
            told.ShouldContain($"{(int)HttpStatusCode.NotFound} ");
            foreach (var owners in (RunId[])[running, ended])
            {
                (await TellAsync(neighbour, method, owners)).ShouldBe(told);
            }
        }

        using var grpc = managers.Two.Grpc(key: neighbour.DefaultRequestHeaders.GetValues("X-API-Key").Single());
        (await Should.ThrowAsync<SandcastleException>(grpc.GetRunAsync(running.Value, Cancelled))).Problem.Kind.ShouldBe(RefusalKind.NotFound);
        (await Should.ThrowAsync<SandcastleException>(grpc.CancelAsync(running.Value, Cancelled))).Problem.Kind.ShouldBe(RefusalKind.NotFound);
        (await GetAsync(managers.Two.Client, running)).Status.ShouldBe("running");
        await DeleteAsync(managers.One.Client, running);
        await posted;
    }

    /// <summary>The way between managers is closed to whoever is none, whatever he shows.</summary>
    [Fact]
    public async Task Stranger_atTheWayBetweenManagers_isRefused()
    {
        await using var managers = await TwoManagers.StartAsync(cluster);
        managers.One.Worker.Program = run => run.UntilCancelledAsync();
        var posted = managers.One.RunAsync(Body);
        var id = (await managers.One.Worker.NextOrderAsync()).Id;
        var path = $"/peers/runs/{id}?tenant=default";
        using var foreign = new Authority();

        using (var nobody = managers.Stage.As(certificate: null))
        {
            (await nobody.GetAsync(path, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            nobody.DefaultRequestHeaders.Add("X-API-Key", managers.One.Key);
            (await nobody.DeleteAsync(path, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        using (var ours = managers.Stage.As(managers.Authority.Issue(PeerNames.Operator)))
        {
            (await ours.GetAsync(path, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        foreach (var certificate in (string[])[managers.Authority.Issue(PeerNames.Worker), foreign.Issue(PeerNames.Manager, believed: managers.Authority)])
        {
            using var intruder = managers.Stage.As(certificate);
            await Should.ThrowAsync<HttpRequestException>(intruder.GetAsync(path, Cancelled));
        }

        // A manager that names another tenant than the run's finds nothing either.
        using var peer = managers.Stage.As(managers.Authority.Issue(PeerNames.Manager));
        (await peer.DeleteAsync($"/peers/runs/{id}?tenant=neighbour", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await peer.DeleteAsync($"/peers/runs/{id}", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync(managers.One.Client, id)).Status.ShouldBe("running");
        await DeleteAsync(managers.One.Client, id);
        await posted;
    }

    [Theory]
    [InlineData("gone-abcd1234@127.0.0.1:1")]
    [InlineData("gone-abcd1234")]
    public async Task Get_whoseManagerDoesNotAnswer_saysSo_untilTheLedgerKnows(string name)
    {
        using var authority = new Authority();
        await using var here = await ManagerServer.StartAsync(ledger: LedgerAddress.Parse(await cluster.NewDatabaseAsync()), peers: new PeerStage(authority));
        var (known, unknown) = (RunId.New(0xabcd), RunId.New(0xabcd));
        await here.Ledger.BeatAsync(name, TimeSpan.FromMinutes(5), Cancelled);
        await here.Ledger.RecordAsync([Receipts.New(known)], Cancelled);

        (await GetAsync(here.Client, known)).Receipt!.CpuMicros.ShouldBe(3000);
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
        {
            using var request = new HttpRequestMessage(method, $"/v1/runs/{unknown}");
            using var response = await here.Client.SendAsync(request, Cancelled);
            var problem = await ManagerServer.ReadProblemAsync(response, HttpStatusCode.ServiceUnavailable);
            (problem.Kind, problem.Detail).ShouldBe((RefusalKind.NoCapacity, $"the manager that would have '{unknown}' does not answer this one now"));
            response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        }

        await here.Ledger.LeaveAsync(name, Cancelled);
        (await here.Client.GetAsync($"/v1/runs/{unknown}", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Get_whoseManagerKeepsSilent_isGivenUpAfterThePatience()
    {
        await using var managers = await TwoManagers.StartAsync(cluster, patience: TimeSpan.FromMilliseconds(100));
        using var mute = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        await managers.Two.Ledger.BeatAsync($"mute-abcd1234@{mute.LocalEndpoint}", TimeSpan.FromMinutes(5), Cancelled);
        (await managers.Two.Client.GetAsync($"/v1/runs/{RunId.New(0xabcd)}", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    private static async Task<RunResponse> GetAsync(HttpClient client, RunId id)
    {
        using var response = await client.GetAsync($"/v1/runs/{id}", Cancelled);
        return await ManagerServer.ReadAsync(response);
    }

    private static async Task<RunResponse> DeleteAsync(HttpClient client, RunId id)
    {
        using var response = await client.DeleteAsync($"/v1/runs/{id}", Cancelled);
        return await ManagerServer.ReadAsync(response);
    }

    /// <summary>Everything that is told, but for the id itself.</summary>
    private static async Task<string> TellAsync(HttpClient client, HttpMethod method, RunId id)
    {
        using var request = new HttpRequestMessage(method, $"/v1/runs/{id}");
        using var response = await client.SendAsync(request, Cancelled);
        var headers = string.Join('\n', response.Headers.Concat(response.Content.Headers).Where(h => h.Key != "Date").Select(h => $"{h.Key}: {string.Join(',', h.Value)}"));
        return $"{(int)response.StatusCode} {headers}\n{await response.Content.ReadAsStringAsync(Cancelled)}".Replace(id.Value, "ID", StringComparison.Ordinal);
    }
}
