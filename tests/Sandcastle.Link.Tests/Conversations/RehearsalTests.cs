using Microsoft.Extensions.Logging.Abstractions;
using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Manager.Routing.Remote;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Tests.Conversations;

public sealed class RehearsalTests
{
    [Fact]
    public async Task Worker_that_is_found_runs_one_empty_program_for_the_house()
    {
        await using var server = await WorkerServer.StartAsync(new FakeWorker { Templates = [Samples.Template("broken", reason: "no interpreter"), Samples.Template()] });
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        using var rehearsals = await StartAsync(manager);

        var receipt = await FirstReceiptAsync(manager);

        (receipt.Tenant, receipt.Template).ShouldBe(("sandcastle-system", "python"));
        server.Worker.Templates = [Samples.Template(), Samples.Template("node")];
        await manager.WhenAsync(() => manager.Router.FindTemplate("node") is not null);
        await rehearsals.StopAsync(TestContext.Current.CancellationToken);
        server.Worker.Started.ShouldBe(1);
    }

    [Fact]
    public async Task Worker_without_a_template_that_serves_is_rehearsed_when_it_has_one()
    {
        await using var server = await WorkerServer.StartAsync(new FakeWorker { Templates = [Samples.Template(reason: "not yet")] });
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        using var rehearsals = await StartAsync(manager);
        server.Worker.Started.ShouldBe(0);

        server.Worker.Templates = [Samples.Template()];

        (await FirstReceiptAsync(manager)).Tenant.ShouldBe("sandcastle-system");
        await rehearsals.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>One that is refused is tried again with the next worker, and one that was taken is enough.</summary>
    [Fact]
    public async Task Front_is_rehearsed_once_it_is_taken_and_not_again()
    {
        var servers = new List<WorkerServer>();
        for (var i = 0; i < 3; i++)
        {
            servers.Add(await WorkerServer.StartAsync(new FakeWorker { Templates = [Samples.Template()] }));
        }

        await using var manager = await ManagerEnd.StartAsync(tls: null, servers[0]);
        var front = new HeardFront { Refuses = true };
        using var rehearsals = await StartAsync(manager, front);
        (await front.NextAsync()).ShouldBe("python");
        front.Refuses = false;
        manager.List.List([ManagerEnd.Endpoint(servers[0]), ManagerEnd.Endpoint(servers[1])]);
        (await front.NextAsync()).ShouldBe("python");
        manager.List.List([.. servers.Select(ManagerEnd.Endpoint)]);
        await FirstReceiptAsync(manager, 2);

        await rehearsals.StopAsync(TestContext.Current.CancellationToken);
        front.Count.ShouldBe(2);
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<Rehearsals> StartAsync(ManagerEnd manager, HeardFront? front = null)
    {
        var rehearsals = new Rehearsals(manager.Workers, TimeProvider.System, NullLogger<Rehearsals>.Instance, front);
        await rehearsals.StartAsync(TestContext.Current.CancellationToken);
        return rehearsals;
    }

    private static async Task<Receipt> FirstReceiptAsync(ManagerEnd manager, int worker = 0)
    {
        await manager.WhenAsync(() => manager.Workers.Links.Count > worker);
        await foreach (var batch in manager.Workers.Links[worker].ReadReceiptsAsync(TestContext.Current.CancellationToken))
        {
            return batch.Receipts[0];
        }

        throw new InvalidOperationException("the journal ended");
    }
}
