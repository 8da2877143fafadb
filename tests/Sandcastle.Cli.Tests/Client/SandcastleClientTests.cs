using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sandcastle.Cli.Tests.Servers;
using Sandcastle.Client;
using Sandcastle.Client.Events;
using Sandcastle.Client.Servers;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Cli.Tests.Client;

/// <summary>The SDK, over both of its transports.</summary>
public sealed class SandcastleClientTests
{
    private static readonly RunRequest Program = new() { Code = "print(1)" };
    private static readonly JsonSerializerOptions Relaxed = new(RestJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<bool, bool> Transports => new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task RunAsync_answer_is_read_whole(bool blocking, bool unix)
    {
        await using var server = await FakeServer.StartAsync();
        using var client = server.Connect(blocking, unix);

        var response = await client.RunAsync(Program, "key-1", Cancellation);

        response.ShouldBeEquivalentTo(Answers.Succeeded);
        server.IdempotencyKeys.Single().ShouldBe("key-1");
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task StreamAsync_events_arrive_in_order_and_exact(bool blocking, bool unix)
    {
        await using var server = await FakeServer.StartAsync();
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        server.OnRun = async (context, _) =>
        {
            await Answers.BeginAsync(context, "run_1");
            await context.Response.WriteAsync(": still running\n\nevent: of-tomorrow\ndata: {\"x\":1}\n\n");
            await Answers.EventAsync(context, "stdout", Answers.Exact(bytes), RestJson.Default.OutputEvent);
            await Answers.EventAsync(context, "stderr", new OutputEvent("é\n", Base64: null), RestJson.Default.OutputEvent);
            await Answers.EventAsync(context, "result", Answers.Succeeded, RestJson.Default.RunResponse);
        };
        using var client = server.Connect(blocking, unix);

        var events = await client.StreamAsync(Program, cancellationToken: Cancellation).ToListAsync(Cancellation);

        events.Count.ShouldBe(4);
        events[0].ShouldBe(new RunStarted("run_1"));
        var stdout = events[1].ShouldBeOfType<RunOutput>();
        stdout.Stream.ShouldBe(OutputStream.Stdout);
        stdout.Bytes.ToArray().ShouldBe(bytes);
        events[2].ShouldBeOfType<RunOutput>().Bytes.ToArray().ShouldBe("é\n"u8.ToArray());
        var ended = events[3].ShouldBeOfType<RunEnded>();
        ended.Ending.ShouldBe(RunEnding.Of(Answers.Succeeded));
        ended.ReadResponse().ShouldBeEquivalentTo(Answers.Succeeded);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task StreamAsync_output_is_there_before_the_end(bool blocking, bool unix)
    {
        await using var server = await FakeServer.StartAsync();
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.OnRun = async (context, _) =>
        {
            await Answers.BeginAsync(context);
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
            await Answers.EventAsync(context, "result", Answers.Succeeded, RestJson.Default.RunResponse);
        };
        using var client = server.Connect(blocking, unix);

        await Task.Run(async () =>
        {
            await foreach (var runEvent in client.StreamAsync(Program, cancellationToken: Cancellation))
            {
                seen.TrySetResult();
            }
        }, Cancellation);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task StreamAsync_loop_left_early_closes_the_connection(bool blocking, bool unix)
    {
        await using var server = await FakeServer.StartAsync();
        server.OnRun = async (context, _) =>
        {
            await Answers.BeginAsync(context);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        using var client = server.Connect(blocking, unix);

        await foreach (var runEvent in client.StreamAsync(Program, cancellationToken: Cancellation))
        {
            break;
        }

        await server.ClientGone.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task StreamAsync_token_cancelled_ends_the_wait(bool blocking, bool unix)
    {
        await using var server = await FakeServer.StartAsync();
        server.OnRun = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        using var client = server.Connect(blocking, unix);
        using var cancellation = new CancellationTokenSource();

        var run = Task.Run(() => client.RunAsync(Program, cancellationToken: cancellation.Token), Cancellation);
        cancellation.CancelAfter(TimeSpan.FromMilliseconds(100));

        await Should.ThrowAsync<OperationCanceledException>(run);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task RunAsync_refusal_is_typed(bool blocking, bool unix)
    {
        await using var server = await FakeServer.StartAsync();
        server.OnRun = (context, _) =>
        {
            context.Response.Headers.RetryAfter = "7";
            return Answers.RefuseAsync(context, 503, RefusalKind.NoCapacity, "every slot is taken", new FieldError("a", "b"));
        };
        using var client = server.Connect(blocking, unix);

        var refusal = await Should.ThrowAsync<SandcastleException>(() => client.RunAsync(Program, cancellationToken: Cancellation));

        refusal.Problem.Kind.ShouldBe(RefusalKind.NoCapacity);
        refusal.Problem.Errors.ShouldBe([new FieldError("a", "b")]);
        refusal.RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task StreamAsync_problem_event_is_a_refusal(bool blocking, bool unix)
    {
        await using var server = await FakeServer.StartAsync();
        server.OnRun = async (context, _) =>
        {
            await Answers.BeginAsync(context);
            await Answers.EventAsync(context, "problem", Answers.Problem(503, RefusalKind.NoCapacity, "worker lost") with { RetryAfterSeconds = 3 }, RestJson.Default.Problem);
        };
        using var client = server.Connect(blocking, unix);

        var refusal = await Should.ThrowAsync<SandcastleException>(async () => await client.StreamAsync(Program, cancellationToken: Cancellation).CountAsync(Cancellation));

        refusal.Message.ShouldBe("worker lost");
        refusal.RetryAfter.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task StreamAsync_connection_that_ends_before_the_result_is_said(bool blocking, bool unix)
    {
        await using var server = await FakeServer.StartAsync();
        server.OnRun = (context, _) => Answers.BeginAsync(context);
        using var client = server.Connect(blocking, unix);

        await Should.ThrowAsync<ServerUnreachableException>(async () => await client.StreamAsync(Program, cancellationToken: Cancellation).CountAsync(Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_nobody_listens_was_never_sent(bool blocking)
    {
        using var client = new SandcastleClient(new SandcastleClientOptions { Server = ServerAddress.Unix("/tmp/there-is-no-such.sock"), Blocking = blocking });

        var unreachable = await Should.ThrowAsync<ServerUnreachableException>(() => client.RunAsync(Program, cancellationToken: Cancellation));

        unreachable.NeverSent.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Other_calls_are_answered(bool blocking, bool unix)
    {
        await using var server = await FakeServer.StartAsync();
        using var client = server.Connect(blocking, unix);

        (await client.GetRunAsync("run_x", Cancellation)).Id.ShouldBe("run_x");
        await client.CancelAsync("run_y", Cancellation);
        server.Cancelled.ShouldBe(["run_y"]);
        (await client.GetTemplatesAsync(Cancellation)).Select(t => t.Name).ShouldBe(["python", "python-data"]);
        (await client.GetUsageAsync(cancellationToken: Cancellation)).Total.Runs.ShouldBe(3);
    }

    [Fact]
    public async Task RunAsync_request_is_written_as_the_serializer_would()
    {
        await using var server = await FakeServer.StartAsync();
        using var client = server.Connect(blocking: true);
        var request = new RunRequest
        {
            Template = "python",
            Code = "print(\"é\u2028</script>\")",
            Argv = ["a", ""],
            Args = ["1", "\n"],
            Stdin = "in",
            Env = new Dictionary<string, string> { ["A"] = "b c", ["D"] = "" },
            Files = [new RunFileContent { Path = "x", Content = "y" }, new RunFileContent { Path = "z", ContentBase64 = "AA==" }],
            Limits = new LimitsRequest { TimeoutMs = 1, MemoryMiB = 2, Cpus = 0.5, Pids = 3, DiskMiB = 4, DiskInodes = 5, OutputKiB = 6, OpenFiles = 7 },
            Collect = ["out/*"],
            Metadata = new Dictionary<string, string> { ["k"] = "v" },
            Encoding = "base64",
            Profile = "fork",
            RequireKeep = "nsjail",
            Queue = new QueueRequest { MaxWaitMs = 1000 },
        };

        await client.RunAsync(request, cancellationToken: Cancellation);

        server.Bodies.Single().ShouldBe(JsonSerializer.Serialize(request, Relaxed));
        typeof(RunRequest).GetProperties().ShouldAllBe(p => p.GetValue(request) != null, "every field is part of this test");
        typeof(LimitsRequest).GetProperties().ShouldAllBe(p => p.GetValue(request.Limits) != null, "every limit is part of this test");
    }

    [Fact]
    public async Task RunAsync_text_takes_no_more_room_than_it_has()
    {
        await using var server = await FakeServer.StartAsync();
        using var client = server.Connect(blocking: true);
        const string Text = "ж<é>+'&日";

        await client.RunAsync(new RunRequest { Stdin = Text }, cancellationToken: Cancellation);

        server.Bodies.Single().ShouldBe($$"""{"stdin":"{{Text}}"}""");
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task RunAsync_refused_before_all_of_it_was_read_says_why(bool blocking, bool unix)
    {
        await using var server = await FakeServer.StartAsync();
        using var client = server.Connect(blocking, unix);

        // More than a listener takes by default.
        var call = client.RunAsync(new RunRequest { Stdin = new string('x', 32_000_000) }, cancellationToken: Cancellation);

        (await Should.ThrowAsync<SandcastleException>(call)).Problem.Status.ShouldBe(413);
    }

    // A body of 16 MiB of files would else be 8 % larger than the server takes.
    [Fact]
    public async Task RunAsync_base64_takes_no_more_room_than_it_has()
    {
        await using var server = await FakeServer.StartAsync();
        using var client = server.Connect(blocking: true);
        var base64 = Convert.ToBase64String([0xfb, 0xef, 0xbe, 0xff, 0xff]);

        await client.RunAsync(new RunRequest { Files = [new RunFileContent { Path = "x", ContentBase64 = base64 }] }, cancellationToken: Cancellation);

        base64.ShouldBe("++++//8=");
        server.Bodies.Single().ShouldContain($"\"contentBase64\":\"{base64}\"");
        server.Runs.Single().Files!.Single().ContentBase64.ShouldBe(base64);
    }

    [Fact]
    public async Task StreamAsync_every_outcome_is_read_as_the_serializer_would()
    {
        await using var server = await FakeServer.StartAsync();
        using var client = server.Connect(blocking: true);
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            var response = Answers.Succeeded with { Outcome = outcome, ExitCode = null, Signal = 9, StdoutTruncated = true };
            server.OnRun = (context, _) => Answers.SendAsync(context, response);

            var events = await client.StreamAsync(Program, cancellationToken: Cancellation).ToListAsync(Cancellation);

            events[^1].ShouldBeOfType<RunEnded>().Ending.ShouldBe(RunEnding.Of(response));
        }
    }

    [Fact]
    public async Task RunAsync_answer_of_something_else_is_no_result()
    {
        await using var server = await FakeServer.StartAsync();
        server.OnRun = async (context, _) =>
        {
            context.Response.StatusCode = 502;
            await context.Response.WriteAsync("<html>bad gateway</html>");
        };
        using var client = server.Connect(blocking: true);

        var refusal = await Should.ThrowAsync<SandcastleException>(() => client.RunAsync(Program, cancellationToken: Cancellation));

        refusal.Problem.Status.ShouldBe(502);
    }
}
