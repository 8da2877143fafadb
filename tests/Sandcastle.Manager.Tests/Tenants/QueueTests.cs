using System.Net;
using System.Text.Json;
using Sandcastle.Client;
using Sandcastle.Client.Events;
using Sandcastle.Client.Grpc;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>Waiting in line as callers see it: on every wire, live or not, to its end, its deadline or its cancellation.</summary>
public sealed class QueueTests
{
    private const string Queued = """{"code":"x","queue":{"maxWaitMs":60000}}""";

    public static TheoryData<string> Wires => ["rest", "native", "web"];

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Stream_waitsForItsTenant_tellsItsPlaceThenStarts(string wire)
    {
        await using var stage = await Stage.StartAsync();
        using var client = stage.Client(wire);
        var request = new RunRequest { Code = "x", Queue = new QueueRequest { MaxWaitMs = 60_000 } };
        var seen = new List<RunEvent>();
        await foreach (var runEvent in client.StreamAsync(request, cancellationToken: TestContext.Current.CancellationToken))
        {
            seen.Add(runEvent);
            if (runEvent is RunQueued)
            {
                stage.EndFirst();
            }
        }

        var queued = seen.OfType<RunQueued>().First();
        queued.Position.ShouldBe(1);
        seen[0].ShouldBe(queued);
        seen.OfType<RunStarted>().Single().Id.ShouldBe(queued.Id);
        seen[^1].ShouldBeOfType<RunEnded>().Ending.Outcome.ShouldBe(Protocol.Runs.Outcome.Succeeded);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Run_timeIsUp_isRefusedWithItsPlace(string wire)
    {
        await using var stage = await Stage.StartAsync();
        using var client = stage.Client(wire);
        var request = new RunRequest { Code = "x", Queue = new QueueRequest { MaxWaitMs = 50 } };
        var refused = await Should.ThrowAsync<SandcastleException>(client.RunAsync(request, cancellationToken: TestContext.Current.CancellationToken));
        refused.Problem.Kind.ShouldBe(RefusalKind.QuotaExceeded);
        refused.Problem.Position.ShouldBe(1);
        refused.Problem.Detail.ShouldContain("limits.concurrentRuns 1");
        refused.RetryAfter.ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Stream_timeIsUp_saysWhenToComeBack(string wire)
    {
        await using var stage = await Stage.StartAsync();
        using var client = stage.Client(wire);
        var request = new RunRequest { Code = "x", Queue = new QueueRequest { MaxWaitMs = 50 } };
        var refused = await Should.ThrowAsync<SandcastleException>(
            async () => await client.StreamAsync(request, cancellationToken: TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken));
        refused.Problem.Position.ShouldBe(1);
        refused.Problem.RetryAfterSeconds.ShouldBe(1);
        refused.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Run_withoutTheWish_isRefusedAtOnce()
    {
        await using var stage = await Stage.StartAsync();
        using var response = await stage.Server.PostAsync("""{"code":"x","queue":{"maxWaitMs":0}}""");
        var problem = await ManagerServer.ReadProblemAsync(response, HttpStatusCode.TooManyRequests);
        problem.Position.ShouldBeNull();
        response.Headers.RetryAfter!.Delta!.Value.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Delete_runThatWaits_takesItOutOfTheLine()
    {
        await using var stage = await Stage.StartAsync();
        using var client = stage.Client("rest");
        var ended = new List<RunEvent>();
        await foreach (var runEvent in client.StreamAsync(
            new RunRequest { Code = "x", Queue = new QueueRequest { MaxWaitMs = 60_000 } }, cancellationToken: TestContext.Current.CancellationToken))
        {
            ended.Add(runEvent);
            if (runEvent is RunQueued queued)
            {
                await client.CancelAsync(queued.Id, TestContext.Current.CancellationToken);
            }
        }

        ended[^1].ShouldBeOfType<RunEnded>().Ending.Outcome.ShouldBe(Protocol.Runs.Outcome.Cancelled);
        ended.OfType<RunStarted>().ShouldBeEmpty();
        (await stage.UseAsync()).Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Client_goneWhileItWaits_leavesTheLine()
    {
        await using var stage = await Stage.StartAsync();
        using var gone = new CancellationTokenSource();
        using var client = stage.Client("rest");
        await using var events = client.StreamAsync(
            new RunRequest { Code = "x", Queue = new QueueRequest { MaxWaitMs = 60_000 } }, cancellationToken: gone.Token).GetAsyncEnumerator(gone.Token);
        (await events.MoveNextAsync()).ShouldBeTrue();
        (await stage.UseAsync()).Waiting.ShouldBe(1);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await events.MoveNextAsync());
        while ((await stage.UseAsync()).Waiting > 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        stage.Server.Worker.RunCount.ShouldBe(1);
    }

    [Fact]
    public async Task Run_withAKey_waitsWithoutItsCallerAndIsOneRun()
    {
        await using var stage = await Stage.StartAsync();
        using var gone = new CancellationTokenSource();
        var first = stage.Server.PostAsync(Queued, r => r.Headers.Add("Idempotency-Key", "k"), gone.Token);
        while ((await stage.UseAsync()).Waiting == 0)
        {
            first.IsCompleted.ShouldBeFalse();
        }

        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        (await stage.UseAsync()).Waiting.ShouldBe(1);
        var again = stage.Server.RunAsync(Queued, r => r.Headers.Add("Idempotency-Key", "k"));
        stage.EndFirst();
        (await again).Outcome.ShouldBe(Protocol.Runs.Outcome.Succeeded);
        stage.Server.Worker.RunCount.ShouldBe(2);
    }

    [Fact]
    public async Task Run_withAKeyThatIsRefused_leavesTheKeyFree()
    {
        await using var stage = await Stage.StartAsync();
        const string Body = """{"code":"x"}""";
        using var refused = await stage.Server.PostAsync(Body, r => r.Headers.Add("Idempotency-Key", "k"));
        await ManagerServer.ReadProblemAsync(refused, HttpStatusCode.TooManyRequests);
        stage.EndFirst();
        await stage.First;
        (await stage.Server.RunAsync(Body, r => r.Headers.Add("Idempotency-Key", "k"))).Outcome.ShouldBe(Protocol.Runs.Outcome.Succeeded);
    }

    [Fact]
    public async Task Drain_refusesWhoeverWaits()
    {
        await using var stage = await Stage.StartAsync();
        var waiting = stage.Server.PostAsync(Queued);
        while ((await stage.UseAsync()).Waiting == 0)
        {
            waiting.IsCompleted.ShouldBeFalse();
        }

        await stage.Server.Runs.DrainAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        using var response = await waiting;
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.ServiceUnavailable)).Detail.ShouldBe("this server is shutting down");
    }

    [Theory]
    [InlineData("""{"code":"x","queue":{"maxWaitMs":-1}}""", "queue.maxWaitMs must be between 0 and 300000, not -1")]
    [InlineData("""{"code":"x","queue":{"maxWaitMs":300001}}""", "queue.maxWaitMs must be between 0 and 300000, not 300001")]
    [InlineData("""{"code":"x","queue":{}}""", "queue.maxWaitMs is required beside 'queue': the longest wait in milliseconds")]
    [InlineData("""{"code":"x","queue":{"maxWaitMs":"1"}}""", "queue.maxWaitMs must be a whole number, not a string")]
    [InlineData("""{"code":"x","queue":5}""", "queue must be an object, not 5")]
    public async Task Post_wishThatIsNone_isRefusedByField(string body, string detail)
    {
        await using var server = await ManagerServer.StartAsync();
        (await server.RefusedAsync(body)).Detail.ShouldBe(detail);
    }

    /// <summary>A server whose tenant may have one run at a time, and has one.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private Stage(ManagerServer server) => Server = server;

        public ManagerServer Server { get; }

        public Task<RunResponse> First { get; private set; } = null!;

        public static async Task<Stage> StartAsync()
        {
            var stage = new Stage(await ManagerServer.StartAsync());
            await stage.Server.SetTermsAsync("default", new TenantRequest { Limits = new TenantLimitsRequest { ConcurrentRuns = 1 } });
            var hello = stage.Server.Worker.Program;
            stage.Server.Worker.Program = async run =>
            {
                if (run.Order.Args is ["first"])
                {
                    run.Start();
                    await stage._end.Task;
                }

                await hello(run);
            };
            stage.First = stage.Server.RunAsync("""{"code":"x","args":["first"]}""");
            await stage.Server.Worker.NextOrderAsync();
            return stage;
        }

        public ISandcastleClient Client(string wire) => wire switch
        {
            "native" => Server.Grpc(),
            "web" => Server.Grpc(GrpcWire.Web),
            _ => Server.Rest(),
        };

        public void EndFirst() => _end.TrySetResult();

        public async Task<TenantUseResponse> UseAsync()
        {
            var text = await Server.Client.GetStringAsync("/v1/tenants/use", TestContext.Current.CancellationToken);
            return JsonSerializer.Deserialize(text, RestJson.Default.TenantUsesResponse)!.Tenants.Single();
        }

        public async ValueTask DisposeAsync()
        {
            EndFirst();
            await First;
            await Server.DisposeAsync();
        }
    }
}
