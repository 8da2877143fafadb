using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests;

public sealed class EventStreamTests
{
    private const string Body = """{"code":"x"}""";

    [Fact]
    public async Task Post_events_arriveWhileTheProgramRuns()
    {
        await using var server = await ManagerServer.StartAsync();
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Worker.Program = async run =>
        {
            run.Stdout("one\n"u8);
            await go.Task.WaitAsync(run.Cancelled);
            run.Stderr("two\n"u8);
        };
        using var response = await server.PostAsync(Body, Events);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await using var events = ReadAsync(response).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        var started = JsonSerializer.Deserialize((await NextAsync(events, "started")).Data, RestJson.Default.StartedEvent)!;
        RunId.TryParse(started.Id, out _).ShouldBeTrue();
        Output(await NextAsync(events, "stdout")).Text.ShouldBe("one\n");

        // Only now may the program go on: the first line came while it ran.
        go.SetResult();
        Output(await NextAsync(events, "stderr")).Text.ShouldBe("two\n");
        var result = JsonSerializer.Deserialize((await NextAsync(events, "result")).Data, RestJson.Default.RunResponse)!;
        result.Id.ShouldBe(started.Id);
        result.Stdout.ShouldBe("one\n");
        result.Stderr.ShouldBe("two\n");
        (await events.MoveNextAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Post_charactersInPieces_areNeverSplit()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = run =>
        {
            foreach (var part in "a€😀é"u8.ToArray())
            {
                run.Stdout([part]);
                run.Stderr("."u8);
            }

            run.Stdout([0xe2, 0x82]);
            return Task.CompletedTask;
        };
        using var response = await server.PostAsync(Body, Events);
        var events = await ReadAsync(response).ToListAsync(TestContext.Current.CancellationToken);

        var texts = events.Where(e => e.EventType == "stdout").Select(e => Output(e).Text!).ToList();
        texts.ShouldBe(["a", "€", "😀", "é", "\ufffd"]);
        var result = JsonSerializer.Deserialize(events[^1].Data, RestJson.Default.RunResponse)!;
        result.Stdout.ShouldBe(string.Concat(texts));
    }

    [Fact]
    public async Task Post_base64Events_carryExactBytes()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = run =>
        {
            run.Stdout([0xff]);
            run.Stdout([0x00, 0xfe]);
            return Task.CompletedTask;
        };
        using var response = await server.PostAsync("""{"code":"x","encoding":"base64"}""", Events);
        var events = await ReadAsync(response).ToListAsync(TestContext.Current.CancellationToken);
        events.Where(e => e.EventType == "stdout").SelectMany(e => Convert.FromBase64String(Output(e).Base64!)).ShouldBe([0xff, 0x00, 0xfe]);
    }

    [Fact]
    public async Task Post_linesAndQuotesInOutput_stayOneEvent()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = run =>
        {
            run.Stdout("data: x\r\n\r\nevent: result\ndata: {\"\"}\u2028"u8);
            return Task.CompletedTask;
        };
        using var response = await server.PostAsync(Body, Events);
        var events = await ReadAsync(response).ToListAsync(TestContext.Current.CancellationToken);
        events.Select(e => e.EventType).ShouldBe(["started", "stdout", "result"]);
        Output(events[1]).Text.ShouldBe("data: x\r\n\r\nevent: result\ndata: {\"\"}\u2028");
    }

    [Fact]
    public async Task Post_refusedBeforeTheStart_hasItsStatus()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = _ => throw FakeWorker.NoCapacity();
        using var full = await server.PostAsync(Body, Events);
        (await ManagerServer.ReadProblemAsync(full, HttpStatusCode.ServiceUnavailable)).Kind.ShouldBe(RefusalKind.NoCapacity);
        using var bad = await server.PostAsync("{}", Events);
        await ManagerServer.ReadProblemAsync(bad, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Post_failedAfterTheStart_endsWithAProblem()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = run =>
        {
            run.Stdout("so far"u8);
            throw new InvalidOperationException("the worker died");
        };
        using var response = await server.PostAsync(Body, Events);
        var events = await ReadAsync(response).ToListAsync(TestContext.Current.CancellationToken);
        events.Select(e => e.EventType).ShouldBe(["started", "stdout", "problem"]);
        var problem = JsonSerializer.Deserialize(events[^1].Data, RestJson.Default.Problem)!;
        problem.Kind.ShouldBe(RefusalKind.Internal);
        problem.TraceId.ShouldNotBeNull();
    }

    [Fact]
    public async Task Post_readerGoesAway_cancelsTheRun()
    {
        await using var server = await ManagerServer.StartAsync();
        var ended = new TaskCompletionSource<Outcome>();
        server.Worker.Program = async run =>
        {
            await run.UntilCancelledAsync();
            ended.SetResult(run.Outcome);
        };
        using (await server.PostAsync(Body, Events))
        {
        }

        (await ended.Task.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(Outcome.Cancelled);
    }

    [Fact]
    public async Task Post_keyedAgainWithEvents_seesTheWholeOutput()
    {
        await using var server = await ManagerServer.StartAsync();
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Worker.Program = async run =>
        {
            run.Stdout("early "u8);
            await go.Task.WaitAsync(run.Cancelled);
            run.Stdout("late"u8);
        };

        // The first caller leaves in the middle, the second joins, the third comes after the end: each sees everything.
        using (await server.PostAsync(Body, KeyedEvents))
        {
        }

        using var second = await server.PostAsync(Body, KeyedEvents);
        go.SetResult();
        (await TextAsync(second)).ShouldBe("early late");
        using var third = await server.PostAsync(Body, KeyedEvents);
        (await TextAsync(third)).ShouldBe("early late");
        server.Worker.RunCount.ShouldBe(1);
    }

    private static void Events(HttpRequestMessage request) => request.Headers.Accept.ParseAdd("text/event-stream");

    private static void KeyedEvents(HttpRequestMessage request)
    {
        Events(request);
        request.Headers.Add("Idempotency-Key", "k");
    }

    private static async Task<string> TextAsync(HttpResponseMessage response)
    {
        var events = await ReadAsync(response).ToListAsync(TestContext.Current.CancellationToken);
        events[0].EventType.ShouldBe("started");
        events[^1].EventType.ShouldBe("result");
        return string.Concat(events.Where(e => e.EventType == "stdout").Select(e => Output(e).Text));
    }

    private static async IAsyncEnumerable<SseItem<string>> ReadAsync(HttpResponseMessage response)
    {
        var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken))
        {
            yield return item;
        }
    }

    private static async Task<SseItem<string>> NextAsync(IAsyncEnumerator<SseItem<string>> events, string type)
    {
        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.EventType.ShouldBe(type);
        return events.Current;
    }

    private static OutputEvent Output(SseItem<string> item) => JsonSerializer.Deserialize(item.Data, RestJson.Default.OutputEvent)!;
}
