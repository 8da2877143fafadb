using System.Net;
using System.Net.Sockets;
using System.Text;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests;

public sealed class IdempotencyTests
{
    private const string Body = """{"code":"x"}""";

    [Fact]
    public async Task Post_sameKeyAgain_givesTheSameRun()
    {
        await using var server = await ManagerServer.StartAsync();
        var first = await server.RunAsync(Body, Key("a"));
        var again = await server.RunAsync(Body, Key("a"));
        again.Id.ShouldBe(first.Id);
        again.Stdout.ShouldBe("hello\n");
        server.Worker.RunCount.ShouldBe(1);
        (await server.RunAsync(Body, Key("b"))).Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task Post_sameKeyAtOnce_joinsOneRun()
    {
        await using var server = await ManagerServer.StartAsync();
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Worker.Program = async run => await go.Task.WaitAsync(run.Cancelled);
        var posts = Enumerable.Range(0, 16).Select(_ => server.RunAsync(Body, Key("a"))).ToList();
        await server.Worker.NextOrderAsync();
        go.SetResult();

        var runs = await Task.WhenAll(posts);
        runs.Select(r => r.Id).Distinct().Count().ShouldBe(1);
        server.Worker.RunCount.ShouldBe(1);
    }

    [Fact]
    public async Task Post_sameKeyOtherBody_isRefused()
    {
        await using var server = await ManagerServer.StartAsync();
        await server.RunAsync(Body, Key("a"));
        using var response = await server.PostAsync("""{"code":"y"}""", Key("a"));
        var problem = await ManagerServer.ReadProblemAsync(response, HttpStatusCode.BadRequest);
        problem.Errors!.Single().Field.ShouldBe("Idempotency-Key");
        problem.Errors!.Single().Message.ShouldContain("another body");
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    public async Task Post_badKey_isRefused(string key)
    {
        await using var server = await ManagerServer.StartAsync();
        using var response = await server.PostAsync(Body, r => r.Headers.TryAddWithoutValidation("Idempotency-Key", key));
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.BadRequest)).Errors!.Single().Field.ShouldBe("Idempotency-Key");
    }

    [Fact]
    public async Task Post_twoKeys_areRefused()
    {
        await using var server = await ManagerServer.StartAsync();

        // By hand: the client of the framework would send them as one.
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, server.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /v1/runs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-API-Key: {server.Key}\r\n"
                + $"Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"),
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("\"field\":\"Idempotency-Key\"");
        server.Worker.RunCount.ShouldBe(0);
    }

    [Fact]
    public async Task Post_keyedClientGoesAway_runGoesOn()
    {
        await using var server = await ManagerServer.StartAsync();
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Worker.Program = async run =>
        {
            await go.Task.WaitAsync(run.Cancelled);
            run.Stdout("done"u8);
        };
        using var leaving = new CancellationTokenSource();
        var post = server.PostAsync(Body, Key("a"), leaving.Token);
        var order = await server.Worker.NextOrderAsync();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(post);
        go.SetResult();

        var run = await server.RunAsync(Body, Key("a"));
        run.Id.ShouldBe(order.Id.Value);
        run.Outcome.ShouldBe(Outcome.Succeeded);
        run.Stdout.ShouldBe("done");
    }

    [Fact]
    public async Task Delete_keyedRun_cancelsIt()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = run => run.UntilCancelledAsync();
        var post = server.RunAsync(Body, Key("a"));
        var id = (await server.Worker.NextOrderAsync()).Id;
        using var delete = await server.Client.DeleteAsync($"/v1/runs/{id}", TestContext.Current.CancellationToken);
        (await ManagerServer.ReadAsync(delete)).Outcome.ShouldBe(Outcome.Cancelled);
        (await post).Outcome.ShouldBe(Outcome.Cancelled);
        (await server.RunAsync(Body, Key("a"))).Id.ShouldBe(id.Value);
    }

    [Fact]
    public async Task Post_keyAfterTenMinutes_isFreeAgain()
    {
        await using var server = await ManagerServer.StartAsync();
        var first = await server.RunAsync(Body, Key("a"));
        server.Clock.Advance(TimeSpan.FromMinutes(9));
        (await server.RunAsync(Body, Key("a"))).Id.ShouldBe(first.Id);
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        (await server.RunAsync(Body, Key("a"))).Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task Post_refusedRun_leavesTheKeyFree()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = _ => throw FakeWorker.NoCapacity();
        using (var full = await server.PostAsync(Body, Key("a")))
        {
            full.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }

        server.Worker.Program = _ => Task.CompletedTask;
        (await server.RunAsync(Body, Key("a"))).Outcome.ShouldBe(Outcome.Succeeded);
    }

    [Fact]
    public async Task Post_runThatBrokeOffAfterItsStart_isNeverTriedAgain()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = run =>
        {
            run.Start();
            throw new InvalidOperationException("the worker died");
        };
        for (var i = 0; i < 2; i++)
        {
            using var response = await server.PostAsync(Body, Key("a"));
            (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.InternalServerError)).Detail.ShouldContain("not tried again");
        }

        server.Worker.RunCount.ShouldBe(1);
    }

    [Fact]
    public async Task Post_resultsBeyondTheBytes_keepTheKeyedRunWithoutItsOutput()
    {
        await using var server = await ManagerServer.StartAsync(retention: new RetentionOptions { Bytes = 8000 });
        server.Worker.Program = run =>
        {
            run.Stdout(new byte[3000]);
            return Task.CompletedTask;
        };
        var plain = await server.RunAsync(Body);
        var first = await server.RunAsync(Body, Key("a"));
        await server.RunAsync(Body, Key("b"));

        var again = await server.RunAsync(Body, Key("a"));
        again.Id.ShouldBe(first.Id);
        again.Stdout.ShouldBe("");
        again.StdoutTruncated.ShouldBeTrue();
        again.Receipt.ShouldNotBeNull();
        (await server.RunAsync(Body, Key("b"))).Stdout.Length.ShouldBe(3000);

        using var settle = await server.Client.GetAsync("/v1/usage", TestContext.Current.CancellationToken);
        using var get = await server.Client.GetAsync($"/v1/runs/{plain.Id}", TestContext.Current.CancellationToken);
        (await ManagerServer.ReadAsync(get)).Timings.ShouldBeNull();
    }

    [Fact]
    public async Task Post_noRoomForAnotherKey_isQuotaExceeded()
    {
        await using var server = await ManagerServer.StartAsync(retention: new RetentionOptions { Count = 2 });
        await server.RunAsync(Body, Key("a"));
        await server.RunAsync(Body, Key("b"));
        using (var full = await server.PostAsync(Body, Key("c")))
        {
            (await ManagerServer.ReadProblemAsync(full, HttpStatusCode.TooManyRequests)).Kind.ShouldBe(RefusalKind.QuotaExceeded);
            full.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.FromMinutes(9));
        }

        await server.RunAsync(Body);
        (await server.RunAsync(Body, Key("a"))).Outcome.ShouldBe(Outcome.Succeeded);
    }

    /// <summary>Twenty thousand empty runs in a minute left no other tenant a key for ten.</summary>
    [Fact]
    public async Task Post_noRoomForAnotherKeyOfOneTenant_isRoomForTheOthers()
    {
        await using var server = await ManagerServer.StartAsync(retention: new RetentionOptions { Count = 4 });
        var other = await server.NewKeyAsync("team-b");
        foreach (var key in (string[])["a", "b", "c", "d"])
        {
            await server.RunAsync(Body, Key(key));
        }

        (await StatusAsync(Key("e"))).ShouldBe(HttpStatusCode.TooManyRequests);
        (await StatusAsync(OfOther("a"))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(OfOther("b"))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(OfOther("c"))).ShouldBe(HttpStatusCode.TooManyRequests);

        async Task<HttpStatusCode> StatusAsync(Action<HttpRequestMessage> change)
        {
            using var response = await server.PostAsync(Body, change);
            return response.StatusCode;
        }

        Action<HttpRequestMessage> OfOther(string key) => request =>
        {
            Key(key)(request);
            request.Headers.Add("X-API-Key", other);
        };
    }

    private static Action<HttpRequestMessage> Key(string key) => request => request.Headers.Add("Idempotency-Key", key);
}
