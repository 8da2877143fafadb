using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Tests.Conversations;

public sealed class DrainTests
{
    [Fact]
    public async Task Drained_worker_takes_nothing_new_and_finishes_what_it_has()
    {
        var end = new TaskCompletionSource();
        var worker = new FakeWorker
        {
            Program = async (_, _) =>
            {
                await end.Task;
                return Outcome.Succeeded;
            },
        };
        await using var server = await WorkerServer.StartAsync(worker);
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        var output = new HeardOutput();
        var run = manager.RunAsync(output: output);
        await output.Started.Task.WaitAsync(TestContext.Current.CancellationToken);

        manager.List.List(ManagerEnd.Endpoint(server) with { DrainBy = TimeProvider.System.GetUtcNow().AddMinutes(1) });
        await server.Drain.Begun.WaitAsync(TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<RefusalException>(() => manager.RunAsync())).Refusal.Kind.ShouldBe(RefusalKind.NoCapacity);
        end.SetResult();
        (await run).Outcome.ShouldBe(Outcome.Succeeded);
        await server.Drain.WhenEmptyAsync(TestContext.Current.CancellationToken);
        worker.Started.ShouldBe(1);
    }

    [Fact]
    public async Task Grace_that_is_over_interrupts_what_runs()
    {
        await using var server = await WorkerServer.StartAsync(new FakeWorker { Program = FakeWorker.UntilEnded });
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        var output = new HeardOutput();
        var run = manager.RunAsync(output: output);
        await output.Started.Task.WaitAsync(TestContext.Current.CancellationToken);

        server.Drain.Begin(TimeSpan.Zero, preempted: false);

        (await run).Outcome.ShouldBe(Outcome.Interrupted);
    }

    [Fact]
    public async Task Preempted_worker_answers_what_it_interrupts_as_preempted()
    {
        await using var server = await WorkerServer.StartAsync(new FakeWorker { Program = FakeWorker.UntilEnded });
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        var output = new HeardOutput();
        var run = manager.RunAsync(output: output);
        await output.Started.Task.WaitAsync(TestContext.Current.CancellationToken);

        manager.List.List(ManagerEnd.Endpoint(server) with { DrainBy = TimeProvider.System.GetUtcNow(), IsPreempted = true });

        var refusal = (await Should.ThrowAsync<RefusalException>(() => run)).Refusal;
        refusal.Kind.ShouldBe(RefusalKind.Preempted);
        refusal.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Second_drain_may_shorten_the_grace_and_never_prolongs_it()
    {
        await using var server = await WorkerServer.StartAsync(new FakeWorker { Program = FakeWorker.UntilEnded });
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        var output = new HeardOutput();
        var run = manager.RunAsync(output: output);
        await output.Started.Task.WaitAsync(TestContext.Current.CancellationToken);

        server.Drain.Begin(TimeSpan.FromHours(1), preempted: false);
        server.Drain.Begin(TimeSpan.FromMilliseconds(20), preempted: false);
        server.Drain.Begin(TimeSpan.FromHours(2), preempted: false);

        (await run).Outcome.ShouldBe(Outcome.Interrupted);
    }

    [Fact]
    public async Task Worker_that_drains_by_itself_is_out_of_the_choice()
    {
        await using var leaving = await WorkerServer.StartAsync(new FakeWorker("worker-a"));
        await using var staying = await WorkerServer.StartAsync(new FakeWorker("worker-b"));
        await using var manager = await ManagerEnd.StartAsync(tls: null, leaving, staying);

        leaving.Drain.Begin(TimeSpan.FromMinutes(1), preempted: false);
        await manager.WhenAsync(() => manager.Workers.Workers.Any(w => w.IsDraining));

        for (var i = 0; i < 10; i++)
        {
            (await manager.RunAsync()).Receipt.Worker.ShouldBe("worker-b");
        }
    }
}
