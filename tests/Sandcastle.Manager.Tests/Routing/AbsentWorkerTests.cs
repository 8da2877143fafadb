using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;
using Sandcastle.Testing.Clocks;

namespace Sandcastle.Manager.Tests.Routing;

/// <summary>A run whose template a pool would serve that has no worker now.</summary>
public sealed class AbsentWorkerTests : IAsyncLifetime
{
    private readonly ComingWorkers _workers = new();
    private ManagerServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ManagerServer.StartAsync(change: services =>
    {
        services.AddSingleton<IWorkerDirectory>(_workers);
        services.AddSingleton<HandPools>();
        services.AddPools<HandPools>();
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Run_withoutAWorker_isRefusedWithATime_andTheOperatorHearsOfIt()
    {
        (await WaitingAsync()).ShouldBeNull();

        using var response = await _server.PostAsync("""{"code":"x","template":"python"}""");
        var problem = await ManagerServer.ReadProblemAsync(response, HttpStatusCode.ServiceUnavailable);

        problem.Kind.ShouldBe(RefusalKind.NoCapacity);
        problem.Detail.ShouldBe("pool pools/py has no worker for template 'python' now; one is asked for");
        response.Headers.RetryAfter!.Delta!.Value.ShouldBe(TimeSpan.FromSeconds(5));
        (await WaitingAsync())!.ShouldBe([new PoolWaitResponse("pools", "py", 1)]);
    }

    [Fact]
    public async Task Run_thatWouldWait_startsOnTheFirstWorkerThatComes()
    {
        var runs = Enumerable.Range(0, 3).Select(_ => _server.RunAsync("""{"code":"x","template":"python","queue":{"maxWaitMs":60000}}""")).ToList();
        while ((await WaitingAsync())?.Single().Runs != 3)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        var worker = new FakeWorker();
        _workers.Come(worker);

        (await Task.WhenAll(runs)).ShouldAllBe(run => run.Stdout == "hello\n");
        worker.RunCount.ShouldBe(3);
        (await WaitingAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Run_thatWouldWait_isRefusedAtItsDeadlineWithItsPlace()
    {
        using var response = await _server.PostAsync("""{"code":"x","template":"python","queue":{"maxWaitMs":50}}""");
        var problem = await ManagerServer.ReadProblemAsync(response, HttpStatusCode.ServiceUnavailable);

        problem.Position.ShouldBe(1);
        problem.Detail.ShouldStartWith("pool pools/py has no worker for template 'python' now");
    }

    /// <summary>The only worker is of another pool: it would say that it does not know the template.</summary>
    [Fact]
    public async Task Run_whereTheOnlyWorkerServesSomethingElse_isNotSentThere()
    {
        var other = new FakeWorker { Templates = [FakeWorker.Template("bash")] };
        _workers.Come(other);

        (await _server.RefusedAsync("""{"code":"x","template":"python"}""", HttpStatusCode.ServiceUnavailable)).Kind.ShouldBe(RefusalKind.NoCapacity);
        other.RunCount.ShouldBe(0);
        (await WaitingAsync())!.ShouldBe([new PoolWaitResponse("pools", "py", 1)]);
    }

    [Fact]
    public async Task Run_ofATemplateThatNoPoolOffers_isAMistakeAsEver()
    {
        var problem = await _server.RefusedAsync("""{"code":"x","template":"perl"}""", HttpStatusCode.NotFound);

        problem.Kind.ShouldBe(RefusalKind.UnknownTemplate);
        problem.Detail.ShouldContain("the templates are: python");
    }

    /// <summary>What others wait for is nobody's business but the operator's.</summary>
    [Fact]
    public async Task Waiting_isNotToldToTenants()
    {
        await _server.RefusedAsync("""{"code":"x","template":"python"}""", HttpStatusCode.ServiceUnavailable);
        using var tenant = _server.As(await _server.NewKeyAsync("team-a"));

        (await ReadAsync(tenant)).Waiting.ShouldBeNull();
    }

    [Fact]
    public void Miss_isRememberedForHalfAMinute()
    {
        var clock = new HandClock();
        var absent = new AbsentWorkers(new HandPools(), clock);
        absent.IsMissed("python").ShouldBeFalse();

        absent.Miss(Order("python")).ShouldNotBeNull();
        absent.Miss(Order("perl")).ShouldBeNull();

        clock.Advance(TimeSpan.FromSeconds(29));
        (absent.IsMissed("python"), absent.IsMissed("perl")).ShouldBe((true, false));
        clock.Advance(TimeSpan.FromSeconds(1));
        absent.IsMissed("python").ShouldBeFalse();
    }

    private static RunOrder Order(string template) =>
        new() { Id = RunId.New(), Tenant = "t", Template = template, Limits = RunLimits.Default, AcceptedTimestamp = 0 };

    private async Task<IReadOnlyList<PoolWaitResponse>?> WaitingAsync() => (await ReadAsync(_server.Client)).Waiting;

    private static async Task<WorkersResponse> ReadAsync(HttpClient client) =>
        JsonSerializer.Deserialize(await client.GetStringAsync("/v1/workers", TestContext.Current.CancellationToken), RestJson.Default.WorkersResponse)!;
}
