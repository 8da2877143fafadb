using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Manager.Routing;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Tests.Conversations;

public sealed class ReceiptTests
{
    [Fact]
    public async Task Receipts_come_in_order_and_are_forgotten_once_acknowledged()
    {
        await using var server = await WorkerServer.StartAsync();
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        var runs = Journal(server.Worker, 3);

        var link = manager.Workers.Links[0];
        await foreach (var batch in link.ReadReceiptsAsync(TestContext.Current.CancellationToken))
        {
            batch.Receipts.Select(r => r.Run).ShouldBe(runs);
            await link.AcknowledgeAsync(batch.Position, TestContext.Current.CancellationToken);
            await server.Worker.AllAcknowledged.Task.WaitAsync(TestContext.Current.CancellationToken);
            break;
        }

        server.Worker.Acknowledged.ShouldBe(3);
    }

    [Fact]
    public async Task Receipts_that_nobody_acknowledged_are_offered_again()
    {
        await using var server = await WorkerServer.StartAsync();
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        var runs = Journal(server.Worker, 2);

        for (var i = 0; i < 2; i++)
        {
            (await FirstBatchAsync(manager)).Receipts.Select(r => r.Run).ShouldBe(runs);
        }
    }

    /// <summary>A worker that lost its disk begins another journal: what was said of the one before must not make it forget what nobody has read.</summary>
    [Fact]
    public async Task What_was_acknowledged_to_one_that_is_gone_is_not_told_to_its_successor()
    {
        var first = await WorkerServer.StartAsync();
        await using var manager = await ManagerEnd.StartAsync(tls: null, first);
        Journal(first.Worker, 3);
        var link = manager.Workers.Links[0];
        await using (var reading = link.ReadReceiptsAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken))
        {
            (await reading.MoveNextAsync()).ShouldBeTrue();
            var position = reading.Current.Position;
            await first.KillAsync();
            await Should.ThrowAsync<WorkerLostException>(async () => await reading.MoveNextAsync());
            await link.AcknowledgeAsync(position, TestContext.Current.CancellationToken);
            await link.AcknowledgeAsync(position, TestContext.Current.CancellationToken);
        }

        await first.DisposeAsync();
        await using var second = await WorkerServer.StartAsync(port: first.Address.Port);
        var runs = Journal(second.Worker, 2);
        await manager.WhenAsync(() => manager.Workers.Workers.All(w => w.IsAttached));
        await foreach (var batch in link.ReadReceiptsAsync(TestContext.Current.CancellationToken))
        {
            batch.Receipts.Select(r => r.Run).ShouldBe(runs);
            await link.AcknowledgeAsync(batch.Position, TestContext.Current.CancellationToken);
            await second.Worker.AllAcknowledged.Task.WaitAsync(TestContext.Current.CancellationToken);
            break;
        }

        second.Worker.Acknowledgements.ShouldBe([2]);
    }

    [Fact]
    public async Task Second_manager_waits_for_its_turn_and_hears_what_the_first_recorded()
    {
        await using var server = await WorkerServer.StartAsync();
        await using var first = await ManagerEnd.StartAsync(tls: null, server);
        await using var second = await ManagerEnd.StartAsync(tls: null, server);
        var order = Samples.Order();
        second.Pending.Begin(order.Id);
        await second.RunAsync(order);
        second.Pending.Ended(order.Id);

        await using var reading = first.Workers.Links[0].ReadReceiptsAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        (await reading.MoveNextAsync()).ShouldBeTrue();
        var waiting = FirstBatchAsync(second);
        await first.Workers.Links[0].AcknowledgeAsync(reading.Current.Position, TestContext.Current.CancellationToken);
        await second.Pending.SettleAsync(TestContext.Current.CancellationToken);

        second.Pending.Count.ShouldBe(0);
        waiting.IsCompleted.ShouldBeFalse();
        await reading.DisposeAsync();
        Journal(server.Worker, 1);
        (await waiting).Receipts.Count.ShouldBe(1);
    }

    private static List<RunId> Journal(FakeWorker worker, int count)
    {
        var orders = Enumerable.Range(0, count).Select(_ => Samples.Order()).ToList();
        orders.ForEach(o => worker.Journal(Samples.Receipt(o)));
        return [.. orders.Select(o => o.Id)];
    }

    private static async Task<ReceiptBatch> FirstBatchAsync(ManagerEnd manager)
    {
        await foreach (var batch in manager.Workers.Links[0].ReadReceiptsAsync(TestContext.Current.CancellationToken))
        {
            return batch;
        }

        throw new InvalidOperationException("the worker has no more receipts to give");
    }
}
