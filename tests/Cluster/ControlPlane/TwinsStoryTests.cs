using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using Sandcastle.Client;
using Sandcastle.Client.Events;
using Sandcastle.Cluster.Manifests;
using Sandcastle.Postgres;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// Two managers on one PostgreSQL serve one pool behind one Service, and everything goes through the API server's proxy: what must pass it, ids and keys
/// at whichever manager, and one manager killed in the middle. Real but for the node, as in <see cref="RealStoryTests"/>. The log is artifacts/cluster/twins-story.md.
/// </summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class TwinsStoryTests(ApiServer server)
{
    private const string Pools = "/apis/sandcastle.dev/v1alpha1/namespaces/sandcastle-pools";
    private const string Pool = $"{Pools}/sandboxpools/python";
    private const string Pods = "/api/v1/namespaces/sandcastle-pools/pods?labelSelector=sandcastle.dev/pool=python";
    private const string Team = "team-twins";
    private const string Neighbours = "team-neighbours";
    private const int Callers = 4;
    private const int RunsEach = 40;
    private const string Endless = "import time\nwhile True: time.sleep(60)";

    private static readonly LimitsRequest Long = new() { TimeoutMs = 300_000 };

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private StoryLog _log = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_managers_serve_one_pool_and_one_is_killed()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        await OperatorStoryTests.ReadyAsync(server, cpus: 4);
        var address = Ports.Reachable();
        Assert.SkipUnless(address is not null, "this machine has no IPv4 address but loopback, and the API server proxies to none such");
        Assert.SkipUnless(File.Exists(PodProcess.Daemon), "bin/sandcastled is not built: make build");
        OwnPlugin.Require();
        Assert.SkipUnless(Environment.UserName == "root", "workers need root, or subordinate ids and a delegated cgroup");
        _log = new StoryLog("twins-story");
        await using var postgres = await PostgresServer.StartAsync();
        var ledger = await postgres.NewDatabaseAsync(Cancelled);
        await using var twins = new TwinManagers(server, ledger);
        await twins.InstallAsync();
        var node = await Node.StartAsync(server, address!, "sandcastle-system", "sandcastle-pools");
        try
        {
            await await Task.WhenAny(LiveAsync(node, twins, ledger), node.Loop);
        }
        finally
        {
            await server.Admin.DeleteAsync(Pool);
            await node.DisposeAsync();
        }
    }

    private async Task LiveAsync(Node node, TwinManagers twins, string ledger)
    {
        using var tenant = await ProxiedTenant.BindAsync(server, Team, "jane");
        await ProxiedTenant.GrantAsync(server, "jane", "sandcastle-direct", "sandcastle-system");
        await ProxiedTenant.GrantAsync(server, "jane", "sandcastle-direct", "sandcastle-pools");
        var managers = await BeginAsync(twins, tenant);
        await ServeAsync(tenant);
        await PassAsync(tenant);
        await AskTheOtherAsync(tenant, managers);
        await RepeatAsync(tenant, managers);
        var lost = await KillAsync(node, tenant, managers);
        await ReturnAsync(twins, tenant);
        await ProveAsync(ledger, lost);
        (await server.Admin.DeleteAsync(Pool)).Expect();
        await server.Admin.WaitForGoneAsync(Pool);
        await server.Admin.WaitForAsync(Pods, list => list["items"]!.AsArray().Count == 0);
    }

    private async Task<IReadOnlyList<(string Pod, string Path)>> BeginAsync(TwinManagers twins, ProxiedTenant tenant)
    {
        foreach (var item in YamlObjects.Read(Path.Combine(Repository.Deploy, "samples", "pool.yaml")))
        {
            if (item.Kind() == "SandboxPool")
            {
                item["spec"]!["workers"] = new JsonObject { ["min"] = 2, ["max"] = 2, ["perLot"] = 1 };
                item["spec"]!["slotsPerWorker"] = 12;
                item["spec"]!["ready"] = 2;
            }
            else
            {
                item["spec"]!["ready"] = 6;
            }

            (await server.Admin.ApplyAsync($"{Pools}/{(item.Kind() == "SandboxPool" ? "sandboxpools" : "sandboxtemplates")}/{item.Name()}", item)).Expect();
        }

        var managers = await twins.ReadyAsync();
        foreach (var (_, path) in managers)
        {
            await AttachedAsync(tenant, path);
        }

        foreach (var (pod, path) in managers)
        {
            using var asked = new HttpRequestMessage(HttpMethod.Get, $"{path}v1/keys");
            asked.Headers.Add("X-API-Key", twins.Key);
            using var answer = await server.Admin.Http.SendAsync(asked, Cancelled);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, pod);
        }

        _log.Write("two managers of deploy/base with components/postgresql, and a pool of two workers", "each manager is attached to both workers, and knows the one admin's key");
        return managers;
    }

    /// <summary>The proxy goes to either: ids say whose they are.</summary>
    private async Task ServeAsync(ProxiedTenant tenant)
    {
        using var client = tenant.Rest();
        var ids = new List<RunId>();
        while (ids.Count < 40 || ids.Select(id => id.Origin).Distinct().Count() < 2)
        {
            var run = await client.RunAsync(new RunRequest { Code = "print(6 * 7)" }, cancellationToken: Cancelled);
            run.Stdout.ShouldBe("42\n");
            ids.Add(RunId.Parse(run.Id));
            _known.Add(run.Id);
        }

        _log.Write($"{ids.Count} runs through the Service", string.Join(" and ", ids.GroupBy(id => id.Origin).Select(group => group.Count().ToString(CultureInfo.InvariantCulture))) + " by each manager");
    }

    private async Task PassAsync(ProxiedTenant tenant)
    {
        using var rest = tenant.Rest();
        using var web = tenant.Web();
        _known.UnionWith(await ProxyWays.TryAsync(rest, web));
        _log.Write("REST through services/proxy", "live output, 16 MiB up, a client that leaves, DELETE, a cancel by gRPC-Web");
        _known.UnionWith(await ProxyWays.TryAsync(web, rest));
        _log.Write("gRPC-Web through services/proxy", "server-streaming and unary, 16 MiB up, a client that leaves, CancelRun, a DELETE by REST");

        var worker = (await server.Admin.GetAsync(Pods)).Expect()["items"]![0]!.AsObject();
        using var direct = await tenant.WorkerAsync("sandcastle-pools", worker.Name(), int.Parse((string)worker["metadata"]!["annotations"]!["tests/direct-port"]!, CultureInfo.InvariantCulture), Cancelled);
        _known.UnionWith(await ProxyWays.TryAsync(direct, direct));
        _log.Write("REST through pods/proxy, straight to a worker with a ticket", "the same");

        var (told, allowed) = await MissingRights.TryAsync(server, Team, worker.Name());
        _known.Add(allowed);
        foreach (var sentence in told)
        {
            _log.Write("kubectl sandcastle run, with a right missing", sentence);
        }

        await ClusterListings.TryAsync(server, Team, workers: 2);
        _log.Write("kubectl sandcastle workers, pool, lots", "tables, wide, json and yaml; --watch prints a change");
    }

    /// <summary>A run's id at the manager that has never heard of it.</summary>
    private async Task AskTheOtherAsync(ProxiedTenant tenant, IReadOnlyList<(string Pod, string Path)> managers)
    {
        using var one = tenant.Rest(managers[0].Path);
        using var two = tenant.Rest(managers[1].Path);
        var ended = await one.RunAsync(new RunRequest { Code = "print('here')" }, cancellationToken: Cancelled);
        (await two.GetRunAsync(ended.Id, Cancelled)).Stdout.ShouldBe("here\n");
        await using var events = one.StreamAsync(new RunRequest { Code = Endless, Limits = Long }, cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled);
        (await events.MoveNextAsync()).ShouldBeTrue();
        var id = events.Current.ShouldBeOfType<RunStarted>().Id;
        (await two.GetRunAsync(id, Cancelled)).Status.ShouldBe("running");
        await RefuseNeighbourAsync(managers[1].Path, RunId.Parse(id), RunId.Parse(ended.Id));
        await two.CancelAsync(id, Cancelled);
        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.ShouldBeOfType<RunEnded>().Ending.Outcome.ShouldBe(Outcome.Cancelled);
        _known.UnionWith([ended.Id, id]);
        _log.Write("the other manager is asked for a run by its id", "found with its output, found running, cancelled there and ended here; a neighbour is told what an unknown id is told");
    }

    private async Task RefuseNeighbourAsync(string path, params RunId[] owned)
    {
        using var neighbour = await ProxiedTenant.BindAsync(server, Neighbours, "mallory");
        await ProxiedTenant.GrantAsync(server, "mallory", "sandcastle-direct", "sandcastle-system");
        Answer granted;
        while ((granted = await neighbour.SendAsync(HttpMethod.Get, $"{path}v1/templates", Cancelled)).Status == HttpStatusCode.Forbidden)
        {
            await Task.Delay(50, Cancelled);
        }

        granted.Expect();
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
        {
            var unknown = RunId.New(owned[0].Origin);
            var told = await TellAsync(unknown);
            told.Status.ShouldBe(HttpStatusCode.NotFound);
            foreach (var id in owned)
            {
                (await TellAsync(id)).ShouldBe(told);
            }

            // Nor does the way between managers open for him.
            (await neighbour.SendAsync(method, $"{path}peers/runs/{owned[0]}?tenant={Team}", Cancelled)).Status.ShouldBe(HttpStatusCode.Forbidden);

            async Task<Answer> TellAsync(RunId id)
            {
                var answer = await neighbour.SendAsync(method, $"{path}v1/runs/{id}", Cancelled);
                return answer with { Text = answer.Text.Replace(id.Value, "ID", StringComparison.Ordinal) };
            }
        }
    }

    /// <summary>The same key to both at once.</summary>
    private async Task RepeatAsync(ProxiedTenant tenant, IReadOnlyList<(string Pod, string Path)> managers)
    {
        var clients = managers.Select(manager => tenant.Rest(manager.Path)).ToList();
        for (var i = 0; i < 10; i++)
        {
            var key = $"at-once-{i}";
            var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => clients[n % 2].RunAsync(new RunRequest { Code = $"print('{key}')" }, key, Cancelled)));
            runs.Select(run => run.Id).Distinct().Count().ShouldBe(1);
            runs.ShouldAllBe(run => run.Stdout == $"{key}\n");
            _known.Add(runs[0].Id);
        }

        clients.ForEach(client => client.Dispose());
        _log.Write("10 keys, each four times at once, twice at each manager", "10 runs");
    }

    /// <summary>SIGKILL in the middle of a load. What its runs come to is known afterwards, and none is run again.</summary>
    /// <returns>How many runs nobody knows an end of.</returns>
    private async Task<int> KillAsync(Node node, ProxiedTenant tenant, IReadOnlyList<(string Pod, string Path)> managers)
    {
        using var victim = tenant.Rest(managers[1].Path);
        using var survivor = tenant.Rest(managers[0].Path);
        await using var events = victim.StreamAsync(new RunRequest { Code = Endless, Limits = Long }, cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled);
        (await events.MoveNextAsync()).ShouldBeTrue();
        var cut = events.Current.ShouldBeOfType<RunStarted>().Id;

        using var client = tenant.Rest();
        var caller = new PersistentCaller(client);
        var load = Enumerable.Range(0, Callers).Select(c => CallAsync(caller, c)).ToList();
        while (caller.Answered < Callers * RunsEach / 4)
        {
            await Task.Delay(10, Cancelled);
        }

        await node.CrashAsync("sandcastle-system", managers[1].Pod, pause: TimeSpan.FromSeconds(4));
        _log.Write($"SIGKILL to one manager under {Callers} callers", $"{caller.Answered} of {Callers * RunsEach} runs were over");
        await Should.ThrowAsync<Exception>(async () => await events.MoveNextAsync());
        var end = await EndOfAsync(survivor, cut);
        _known.Add(cut);
        _log.Write("the run without a key that it carried, asked for at the other", $"{end.Outcome.ToString()!.ToLowerInvariant()}, billed {end.Receipt!.CpuMicros} µs of CPU");

        var answers = (await Task.WhenAll(load)).SelectMany(answer => answer).ToList();
        var runs = answers.Select(answer => answer.Run).OfType<RunResponse>().ToList();
        runs.Select(run => run.Id).Distinct().Count().ShouldBe(runs.Count);
        var lost = answers.Where(answer => answer.Run is null).ToList();
        lost.Count.ShouldBeLessThanOrEqualTo(Callers);
        _known.UnionWith(runs.Where(run => run.Receipt is not null).Select(run => run.Id));
        _log.Write(
            $"{answers.Count} keys, asked for until each was answered ({caller.Again} times again)",
            $"{runs.Count(run => run.Outcome == Outcome.Succeeded)} succeeded, {runs.Count(run => run.Outcome != Outcome.Succeeded)} ended with their manager, {lost.Count} never started and are not run again");
        return lost.Count;
    }

    private static async Task<List<(RunResponse? Run, string? Lost)>> CallAsync(PersistentCaller caller, int number)
    {
        var answers = new List<(RunResponse?, string?)>();
        for (var i = 0; i < RunsEach; i++)
        {
            answers.Add(await caller.RunAsync($"load-{number}-{i}", Cancelled));
        }

        return answers;
    }

    /// <summary>Its manager is gone: until its receipt is there, that one is said not to answer.</summary>
    private static async Task<RunResponse> EndOfAsync(SandcastleClient survivor, string id)
    {
        while (true)
        {
            try
            {
                return await survivor.GetRunAsync(id, Cancelled);
            }
            catch (SandcastleException e) when (e.Problem.Detail == $"the manager that would have '{id}' does not answer this one now")
            {
                await Task.Delay(50, Cancelled);
            }
        }
    }

    private async Task ReturnAsync(TwinManagers twins, ProxiedTenant tenant)
    {
        var managers = await twins.ReadyAsync();
        await AttachedAsync(tenant, managers[1].Path);
        using var back = tenant.Rest(managers[1].Path);
        using var other = tenant.Rest(managers[0].Path);
        var run = await back.RunAsync(new RunRequest { Code = "print('back')" }, cancellationToken: Cancelled);
        (await other.GetRunAsync(run.Id, Cancelled)).Stdout.ShouldBe("back\n");
        _known.Add(run.Id);
        _log.Write("the killed manager started again", "serves, and answers the other");
    }

    /// <summary>Every run that anybody was told of has its receipt, once, and there is no other.</summary>
    private async Task ProveAsync(string ledger, int lost)
    {
        await using var source = NpgsqlDataSource.Create(ledger);
        var receipts = new List<string>();
        while (!_known.IsSubsetOf(receipts))
        {
            receipts.Clear();
            await using var select = source.CreateCommand($"SELECT run FROM receipts WHERE tenant = '{Team}'");
            await using var rows = await select.ExecuteReaderAsync(Cancelled);
            while (await rows.ReadAsync(Cancelled))
            {
                receipts.Add(rows.GetString(0));
            }
        }

        receipts.Order(StringComparer.Ordinal).ShouldBe(_known.Order(StringComparer.Ordinal));
        await using var proof = ChildProcess.Start("ledger-verify", PodProcess.Daemon, ["ledger", "verify", "--ledger", ledger]);
        (await proof.ExitAsync()).ShouldBe(0, proof.LastLines());
        _log.Write("the ledger", $"{receipts.Count} receipts of the tenant, each run once, none of the {lost} that never started; the books prove true");
    }

    private static async Task AttachedAsync(ProxiedTenant tenant, string path)
    {
        while (true)
        {
            var answer = await tenant.SendAsync(HttpMethod.Get, $"{path}v1/workers", Cancelled);
            if (answer.Succeeded && answer.Object["workers"]!.AsArray().Count(worker => (bool)worker!["attached"]! && (int)worker["slotsReady"]! > 0) == 2)
            {
                return;
            }

            await Task.Delay(50, Cancelled);
        }
    }
}
