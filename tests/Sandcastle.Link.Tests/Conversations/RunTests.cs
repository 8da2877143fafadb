using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Manager.Routing;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Tests.Conversations;

public sealed class RunTests
{
    [Fact]
    public async Task Run_comes_back_with_its_report()
    {
        await using var server = await WorkerServer.StartAsync();
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        var order = Samples.Order();

        var report = await manager.RunAsync(order);

        report.Receipt.Run.ShouldBe(order.Id);
        report.Stdout.ToArray().ShouldBe("out"u8.ToArray());
        server.Worker.Started.ShouldBe(1);
    }

    [Fact]
    public async Task Run_that_somebody_listens_to_is_heard_while_it_goes_on()
    {
        var more = new TaskCompletionSource();
        var worker = new FakeWorker
        {
            Program = async (output, _) =>
            {
                output!.OnStdout("one"u8);
                output.OnStderr("two"u8);
                await more.Task;
                return Outcome.Succeeded;
            },
        };
        await using var server = await WorkerServer.StartAsync(worker);
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        var output = new HeardOutput();

        var run = manager.RunAsync(output: output);
        await output.Started.Task.WaitAsync(TestContext.Current.CancellationToken);
        more.SetResult();
        await run;

        output.Heard.ShouldBe("started;out one;err two;");
    }

    [Fact]
    public async Task Run_that_writes_byte_by_byte_is_heard_to_the_byte()
    {
        const int Bytes = 20_000;
        var worker = new FakeWorker
        {
            Program = (output, _) =>
            {
                for (var i = 0; i < Bytes; i++)
                {
                    output!.OnStdout([(byte)('a' + (i % 26))]);
                    output.OnStderr([(byte)('A' + (i % 26))]);
                }

                return Task.FromResult(Outcome.Succeeded);
            },
        };
        await using var server = await WorkerServer.StartAsync(worker);
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        var output = new HeardOutput();

        await manager.RunAsync(Samples.Order() with { Limits = Samples.Limits with { OutputBytes = Bytes } }, output);

        string.Concat(output.Heard["started;".Length..].Split(';').Where(word => word.Length > 0).Select(word => word[4..]))
            .ShouldBe(string.Concat(Enumerable.Range(0, Bytes).Select(i => $"{(char)('a' + (i % 26))}{(char)('A' + (i % 26))}")));
    }

    [Fact]
    public async Task Run_that_the_worker_refuses_is_refused_in_the_same_words()
    {
        var refusal = new Refusal { Kind = RefusalKind.TemplateUnavailable, Detail = "cold", RetryAfter = TimeSpan.FromSeconds(2) };
        await using var server = await WorkerServer.StartAsync(new FakeWorker { Slot = _ => throw new RefusalException(refusal) });
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);

        var thrown = await Should.ThrowAsync<RefusalException>(() => manager.RunAsync());

        thrown.Refusal.Kind.ShouldBe(refusal.Kind);
        thrown.Refusal.Detail.ShouldBe("cold");
        thrown.Refusal.RetryAfter.ShouldBe(refusal.RetryAfter);
    }

    [Fact]
    public async Task Run_of_sixteen_mebibytes_passes_both_ways()
    {
        var big = new byte[16 << 20];
        Random.Shared.NextBytes(big);
        await using var server = await WorkerServer.StartAsync();
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);

        var report = await manager.RunAsync(Samples.Order() with { Files = [new RunFile("big", big)] });

        report.Outcome.ShouldBe(Outcome.Succeeded);
    }

    [Fact]
    public async Task Cancelling_before_there_is_a_slot_ends_it_without_a_start()
    {
        var inLine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var worker = new FakeWorker
        {
            Slot = async cancelled =>
            {
                inLine.SetResult();
                await Task.Delay(Timeout.Infinite, cancelled);
            },
        };
        await using var server = await WorkerServer.StartAsync(worker);
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        using var cancellation = new CancellationTokenSource();

        var run = manager.RunAsync(cancellationToken: cancellation.Token);
        await inLine.Task.WaitAsync(TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => run);
        worker.Started.ShouldBe(0);
    }

    [Fact]
    public async Task Cancelling_a_program_that_runs_brings_its_report_all_the_same()
    {
        await using var server = await WorkerServer.StartAsync(new FakeWorker { Program = FakeWorker.UntilEnded });
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        using var cancellation = new CancellationTokenSource();
        var output = new HeardOutput();

        var run = manager.RunAsync(output: output, cancellationToken: cancellation.Token);
        await output.Started.Task.WaitAsync(TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();

        (await run).Outcome.ShouldBe(Outcome.Cancelled);
    }

    [Fact]
    public async Task Worker_that_vanishes_before_the_start_is_replaced_by_another()
    {
        var inLine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = new FakeWorker("worker-a")
        {
            Slot = async cancelled =>
            {
                inLine.SetResult();
                await Task.Delay(Timeout.Infinite, cancelled);
            },
        };
        await using var dying = await WorkerServer.StartAsync(first);
        await using var manager = await ManagerEnd.StartAsync(tls: null, dying);
        var run = manager.RunAsync();
        await inLine.Task.WaitAsync(TestContext.Current.CancellationToken);

        await using var other = await WorkerServer.StartAsync(new FakeWorker("worker-b"));
        manager.List.List(ManagerEnd.Endpoint(dying), ManagerEnd.Endpoint(other));
        await manager.WhenAsync(() => manager.Workers.Workers.Count(w => w.IsAttached) == 2);
        await dying.KillAsync();

        (await run).Receipt.Worker.ShouldBe("worker-b");
        first.Started.ShouldBe(0);
        other.Worker.Started.ShouldBe(1);
    }

    [Fact]
    public async Task Worker_that_vanishes_under_a_program_is_never_replaced()
    {
        var dying = await WorkerServer.StartAsync(new FakeWorker("worker-a") { Program = FakeWorker.UntilEnded });
        await using var manager = await ManagerEnd.StartAsync(tls: null, dying);
        var output = new HeardOutput();
        var run = manager.RunAsync(output: output);
        await output.Started.Task.WaitAsync(TestContext.Current.CancellationToken);

        await using var other = await WorkerServer.StartAsync(new FakeWorker("worker-b"));
        manager.List.List(ManagerEnd.Endpoint(dying), ManagerEnd.Endpoint(other));
        await manager.WhenAsync(() => manager.Workers.Workers.Count(w => w.IsAttached) == 2);
        await dying.KillAsync();

        (await Should.ThrowAsync<WorkerLostException>(() => run)).MayHaveStarted.ShouldBeTrue();
        other.Worker.Started.ShouldBe(0);
        await dying.DisposeAsync();
    }

    [Fact]
    public async Task Worker_without_capacity_is_replaced_by_another()
    {
        var full = new FakeWorker("worker-a") { Slot = _ => throw new RefusalException(new Refusal { Kind = RefusalKind.NoCapacity, Detail = "full" }) };
        await using var one = await WorkerServer.StartAsync(full);
        await using var two = await WorkerServer.StartAsync(new FakeWorker("worker-b"));
        await using var manager = await ManagerEnd.StartAsync(tls: null, one, two);

        for (var i = 0; i < 20; i++)
        {
            (await manager.RunAsync()).Receipt.Worker.ShouldBe("worker-b");
        }
    }

    [Fact]
    public async Task Two_hundred_runs_at_once_share_the_connection()
    {
        await using var server = await WorkerServer.StartAsync();
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);

        var orders = Enumerable.Range(0, 200).Select(_ => Samples.Order()).ToList();
        var reports = await Task.WhenAll(orders.Select(o => manager.RunAsync(o)));

        reports.Select(r => r.Receipt.Run).ShouldBe(orders.Select(o => o.Id));
        server.Worker.Started.ShouldBe(200);
    }
}
