using Sandcastle.Link.Tests.Fakes;

namespace Sandcastle.Link.Tests.Conversations;

public sealed class AttachmentTests
{
    [Fact]
    public async Task Attached_worker_offers_its_templates_and_their_slots()
    {
        await using var server = await WorkerServer.StartAsync();
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);

        manager.Router.Templates.ShouldBe([Samples.Template()]);
        manager.Workers.Links[0].FreeSlots("python").ShouldBe(4);
        manager.Workers.Links[0].FreeSlots("other").ShouldBe(0);
    }

    [Fact]
    public async Task Change_of_the_offer_reaches_the_manager()
    {
        await using var server = await WorkerServer.StartAsync();
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);

        server.Worker.Templates = [Samples.Template(reason: "gone cold"), Samples.Template("node")];

        await manager.WhenAsync(() => manager.Router.FindTemplate("node") is not null);
        manager.Router.FindTemplate("python")!.UnavailableReason.ShouldBe("gone cold");
    }

    [Fact]
    public async Task Change_of_the_load_reaches_the_manager()
    {
        await using var server = await WorkerServer.StartAsync();
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);

        server.Worker.Templates = [Samples.Template(ready: 1)];

        // Loads raise no event: they come many times a second and move nothing but numbers.
        while (manager.Workers.Links[0].FreeSlots("python") != 1)
        {
            await Task.Yield();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task Worker_that_is_killed_offers_nothing_and_is_found_again()
    {
        var server = await WorkerServer.StartAsync();
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);

        await server.KillAsync();
        await manager.WhenAsync(() => manager.Router.Templates.Count == 0);
        await server.DisposeAsync();
        await using var again = await WorkerServer.StartAsync(port: server.Address.Port);

        await manager.WhenAsync(() => manager.Router.Templates.Count == 1);
        (await manager.RunAsync()).Receipt.Worker.ShouldBe("worker-a");
    }

    [Fact]
    public async Task Worker_that_is_listed_no_more_is_let_go_of()
    {
        await using var server = await WorkerServer.StartAsync();
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);

        manager.List.List();

        await manager.WhenAsync(() => manager.Workers.Links.Count == 0);
    }
}
