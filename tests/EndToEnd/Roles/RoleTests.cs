using System.Net;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.EndToEnd.Roles;

/// <summary>Manager and worker apart, as in a cluster. What leaves both as they were shares one pair.</summary>
public sealed class RoleTests(RoleTests.Pair pair) : IClassFixture<RoleTests.Pair>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_goes_by_way_of_the_manager_and_its_receipt_comes_back()
    {
        var parted = pair.Parted;
        using var caller = RemoteRunner.Of(parted.Manager);
        await caller.ReadyAsync();

        var before = await RunsAsync(caller);

        (await caller.RunAsync("print(6 * 7)")).Stdout.ShouldBe("42\n");
        (await caller.RunAsync("echo $((6 * 7))", "bash")).Stdout.ShouldBe("42\n");

        await UntilRunsAsync(caller, before + 2);
    }

    [Fact]
    public async Task Worker_that_is_killed_bills_what_it_ran_when_it_is_back()
    {
        await using var parted = await PartedDaemons.StartAsync();
        using var caller = RemoteRunner.Of(parted.Manager);
        await caller.ReadyAsync();
        using var run = await caller.StartAsync("import time; print('up', flush=True); time.sleep(60)");

        await parted.KillWorkerAsync();
        await parted.RestartWorkerAsync();

        await caller.ReadyAsync();
        while ((await caller.UsageAsync()).Rows is not [{ Outcome: Outcome.Interrupted, Runs: 1 }])
        {
            await Task.Delay(20, Cancelled);
        }
    }

    [Fact]
    public async Task Worker_that_is_told_to_leave_finishes_hands_over_its_receipts_and_goes()
    {
        await using var parted = await PartedDaemons.StartAsync("--stop-grace", "20s");
        using var caller = RemoteRunner.Of(parted.Manager);
        await caller.ReadyAsync();
        var run = caller.RunAsync(HeldProgram.Code);
        await HeldProgram.WaitAsync(parted.Worker, 1, Cancelled);

        await parted.Worker.TerminateAsync();
        HeldProgram.Release(parted.Worker);

        (await run).Stdout.ShouldBe("done\n");
        await parted.Worker.Process.WaitForExitAsync(Cancelled).WaitAsync(Patience, Cancelled);
        parted.Worker.Process.ExitCode.ShouldBe(0, parted.Worker.Log);
        (await caller.UsageAsync()).Rows.Sum(r => r.Runs).ShouldBe(1);
        while ((await caller.WorkersAsync()).Workers.Any(worker => worker.Attached))
        {
            await Task.Delay(20, Cancelled);
        }

        (await caller.RefusedAsync("print(1)")).Problem.Kind.ShouldBe(RefusalKind.UnknownTemplate);
    }

    [Fact]
    public async Task Ticket_opens_its_worker_and_the_run_is_billed_by_the_manager()
    {
        var parted = pair.Parted;
        using var caller = RemoteRunner.Of(parted.Manager);
        var worker = (await caller.ReadyAsync()).Workers.Single();

        var ticket = await caller.TicketAsync(worker.Name);

        var before = await RunsAsync(caller);
        using var direct = new RemoteRunner(parted.Worker.Address, "X-Sandcastle-Ticket", ticket.Ticket);
        (await direct.RunAsync("print(6 * 7)")).Stdout.ShouldBe("42\n");
        await UntilRunsAsync(caller, before + 1);
    }

    [Fact]
    public async Task Ticket_for_another_worker_opens_nothing()
    {
        await using var parted = await PartedDaemons.StartAsync("--name", "worker-a");
        await using var other = await Daemon.StartSmallAsync(
            "--role", "worker", "--link-listen", "127.0.0.1:0", "--tls-directory", parted.Issue("worker.sandcastle"), "--name", "worker-b");
        using var caller = RemoteRunner.Of(parted.Manager);
        await caller.ReadyAsync();

        using var direct = new RemoteRunner(other.Address, "X-Sandcastle-Ticket", (await caller.TicketAsync("worker-a")).Ticket);

        var (status, problem) = await direct.RefusedAsync("print(1)");
        status.ShouldBe(HttpStatusCode.Unauthorized);
        problem.Detail.ShouldContain("is for another worker");
    }

    [Theory]
    [InlineData(null, "a ticket is missing")]
    [InlineData("X-Sandcastle-Token", "a worker takes no keys and no tokens")]
    [InlineData("X-API-Key", "a worker takes no keys and no tokens")]
    [InlineData("X-Sandcastle-Ticket", "is no ticket")]
    public async Task Workers_own_edge_opens_to_nothing_but_tickets(string? header, string reason)
    {
        var parted = pair.Parted;
        using var caller = new RemoteRunner(parted.Worker.Address, header, parted.Manager.ApiKey);

        var (status, problem) = await caller.RefusedAsync("print(1)");

        status.ShouldBe(HttpStatusCode.Unauthorized);
        problem.Detail.ShouldContain(reason);
        foreach (var path in new[] { "/v1/workers", "/v1/usage", "/v1/tickets", "/mcp", "/sandcastle.worker.v1.WorkerLink/Run" })
        {
            (await caller.GetAsync(path)).ShouldBe(HttpStatusCode.Unauthorized, path);
        }

        (await caller.GetAsync("/healthz")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Link_shows_nothing_to_callers()
    {
        var parted = pair.Parted;
        using var caller = new RemoteRunner(new Uri($"https://127.0.0.1:{parted.LinkPort}"));
        await Should.ThrowAsync<HttpRequestException>(() => caller.GetAsync("/healthz"));
    }

    /// <summary>The ledger follows the answers, soon.</summary>
    private static async Task UntilRunsAsync(RemoteRunner caller, long runs)
    {
        while (await RunsAsync(caller) is var now && now != runs)
        {
            now.ShouldBeLessThan(runs);
            await Task.Delay(20, Cancelled);
        }
    }

    private static async Task<long> RunsAsync(RemoteRunner caller) => (await caller.UsageAsync()).Rows.Sum(r => r.Runs);

    /// <summary>One manager and one worker.</summary>
    public sealed class Pair : IAsyncLifetime
    {
        internal PartedDaemons Parted { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Parted = await PartedDaemons.StartAsync();

        public ValueTask DisposeAsync() => Parted.DisposeAsync();
    }
}
