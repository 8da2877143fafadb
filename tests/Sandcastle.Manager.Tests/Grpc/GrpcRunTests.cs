using Grpc.Core;
using Sandcastle.Client.Events;
using Sandcastle.Client.Grpc;
using Sandcastle.Grpc.V1;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Runs;
using RunRequest = Sandcastle.Protocol.Rest.RunRequest;

namespace Sandcastle.Manager.Tests.Grpc;

/// <summary>Runs over gRPC: their results, their output while it is written, and their end when the caller leaves.</summary>
public sealed class GrpcRunTests
{
    public static TheoryData<GrpcWire> Wires => GrpcCallers.Wires;

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Run_unary_givesResultAndReceipt(GrpcWire wire)
    {
        await using var server = await ManagerServer.StartAsync(new FakeWorker
        {
            Program = run =>
            {
                run.Stdout([0, 255]);
                run.Stderr("oh"u8);
                run.Files = [new RunFile("a.bin", new byte[] { 1, 2 })];
                (run.Outcome, run.ExitCode) = (Protocol.Runs.Outcome.Failed, 3);
                return Task.CompletedTask;
            },
        });
        using var channel = server.Channel(wire);
        var client = new SandcastleService.SandcastleServiceClient(channel);
        var result = await client.RunAsync(
            new Sandcastle.Grpc.V1.RunRequest { Code = "x", Metadata = { { "who", "me" } } }, server.WithKey(), cancellationToken: TestContext.Current.CancellationToken);
        result.Outcome.ShouldBe(Sandcastle.Grpc.V1.Outcome.Failed);
        (result.HasExitCode, result.ExitCode, result.HasSignal).ShouldBe((true, 3, false));
        result.Stdout.ToByteArray().ShouldBe([0, 255]);
        result.Stderr.ToStringUtf8().ShouldBe("oh");
        result.Files.Single().Content.ToByteArray().ShouldBe([1, 2]);
        result.Metadata["who"].ShouldBe("me");
        result.Receipt.CpuMicros.ShouldBe(3000);
        result.Receipt.Sources["cpu"].Kind.ShouldBe(Sandcastle.Grpc.V1.FigureKind.Exact);
        result.Timings.Ran.ToTimeSpan().ShouldBe(TimeSpan.FromMilliseconds(3));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task RunStream_output_arrivesWhileItIsWritten(GrpcWire wire)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ManagerServer.StartAsync(new FakeWorker
        {
            Program = async run =>
            {
                run.Stdout("first"u8);
                await go.Task.WaitAsync(run.Cancelled);
                run.Stderr("second"u8);
            },
        });
        using var client = server.Grpc(wire);
        var events = client.StreamAsync(new RunRequest { Code = "x" }, cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var id = (await NextAsync(events)).ShouldBeOfType<RunStarted>().Id;
        var first = (await NextAsync(events)).ShouldBeOfType<RunOutput>();
        (first.Stream, Text(first)).ShouldBe((OutputStream.Stdout, "first"));
        go.SetResult();
        var second = (await NextAsync(events)).ShouldBeOfType<RunOutput>();
        (second.Stream, Text(second)).ShouldBe((OutputStream.Stderr, "second"));
        var ended = (await NextAsync(events)).ShouldBeOfType<RunEnded>();
        (ended.Ending.Id, ended.Ending.Outcome, ended.ReadResponse().Stdout).ShouldBe((id, Protocol.Runs.Outcome.Succeeded, "first"));
        (await events.MoveNextAsync()).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Run_callCancelled_killsTheRun(GrpcWire wire)
    {
        var (server, killed) = await StartEndlessAsync();
        await using var ending = server;
        using var client = server.Grpc(wire);
        using var leaving = new CancellationTokenSource();
        var call = client.RunAsync(new RunRequest { Code = "x" }, cancellationToken: leaving.Token);
        await server.Worker.NextOrderAsync();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(call);
        await killed.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task RunStream_loopLeft_killsTheRun(GrpcWire wire)
    {
        var (server, killed) = await StartEndlessAsync();
        await using var ending = server;
        using var client = server.Grpc(wire);
        await foreach (var started in client.StreamAsync(new RunRequest { Code = "x" }, cancellationToken: TestContext.Current.CancellationToken))
        {
            started.ShouldBeOfType<RunStarted>();
            break;
        }

        await killed.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Run_deadlinePassed_killsTheRun(GrpcWire wire)
    {
        var (server, killed) = await StartEndlessAsync();
        await using var ending = server;
        using var channel = server.Channel(wire);
        var client = new SandcastleService.SandcastleServiceClient(channel);
        var call = client.RunAsync(
            new Sandcastle.Grpc.V1.RunRequest { Code = "x" }, server.WithKey(), TimeProvider.System.GetUtcNow().AddMilliseconds(300).UtcDateTime, TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<RpcException>(call.ResponseAsync)).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await killed.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Run_keyedCallCancelled_runGoesOnAndAnswersTheNext()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ManagerServer.StartAsync(new FakeWorker
        {
            Program = async run =>
            {
                await go.Task.WaitAsync(run.Cancelled);
                run.Stdout("done"u8);
            },
        });
        using var client = server.Grpc();
        using var leaving = new CancellationTokenSource();
        var call = client.RunAsync(new RunRequest { Code = "x" }, "key", leaving.Token);
        var order = await server.Worker.NextOrderAsync();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(call);
        go.SetResult();
        var again = await client.RunAsync(new RunRequest { Code = "x" }, "key", TestContext.Current.CancellationToken);
        (again.Id, again.Stdout).ShouldBe((order.Id.Value, "done"));
        server.Worker.RunCount.ShouldBe(1);

        // The whole is replayed to whoever comes later and wants to see it as it was written.
        var events = new List<Client.Events.RunEvent>();
        await foreach (var replayed in client.StreamAsync(new RunRequest { Code = "x" }, "key", TestContext.Current.CancellationToken))
        {
            events.Add(replayed);
        }

        events.Select(e => e.GetType()).ShouldBe([typeof(RunStarted), typeof(RunOutput), typeof(RunEnded)]);
    }

    [Fact]
    public async Task CancelRun_running_killsIt()
    {
        var (server, killed) = await StartEndlessAsync();
        await using var ending = server;
        using var client = server.Grpc();
        var call = client.RunAsync(new RunRequest { Code = "x" }, cancellationToken: TestContext.Current.CancellationToken);
        var id = (await server.Worker.NextOrderAsync()).Id.Value;
        (await client.GetRunAsync(id, TestContext.Current.CancellationToken)).Status.ShouldBe("running");
        await client.CancelAsync(id, TestContext.Current.CancellationToken);
        await killed.WaitAsync(TestContext.Current.CancellationToken);
        (await call).Outcome.ShouldBe(Protocol.Runs.Outcome.Cancelled);
        (await client.GetRunAsync(id, TestContext.Current.CancellationToken)).Outcome.ShouldBe(Protocol.Runs.Outcome.Cancelled);
    }

    private static async Task<(ManagerServer Server, Task Killed)> StartEndlessAsync()
    {
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await ManagerServer.StartAsync(new FakeWorker
        {
            Program = async run =>
            {
                await run.UntilCancelledAsync();
                killed.SetResult();
            },
        });
        return (server, killed.Task);
    }

    private static async Task<Client.Events.RunEvent> NextAsync(IAsyncEnumerator<Client.Events.RunEvent> events)
    {
        (await events.MoveNextAsync()).ShouldBeTrue();
        return events.Current;
    }

    private static string Text(RunOutput output) => System.Text.Encoding.UTF8.GetString(output.Bytes.Span);
}
