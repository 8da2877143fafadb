using Sandcastle.Client.Events;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.EndToEnd.Deaths;

/// <summary>A daemon that leaves, told to or of its own accord, finishes what it has, loses no receipt and leaves nothing.</summary>
public sealed class DepartureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sigterm_while_programs_run_lets_them_finish()
    {
        var daemon = await Daemon.StartSmallAsync("--stop-grace", "20s");
        using var client = daemon.Connect();
        await using var run = client.StreamAsync(
            new RunRequest { Template = "python", Code = "import time; print('up', flush=True); time.sleep(1); print('done')" }, cancellationToken: Cancelled)
            .GetAsyncEnumerator(Cancelled);
        while (await run.MoveNextAsync() && run.Current is not RunOutput)
        {
        }

        await daemon.TerminateAsync();
        while (await run.MoveNextAsync() && run.Current is not RunEnded)
        {
        }

        run.Current.ShouldBeOfType<RunEnded>().ReadResponse().Stdout.ShouldBe("up\ndone\n");
        await LeftAsync(daemon);
        await using var successor = await daemon.SucceedAsync();
        (await RunsAsync(successor, Outcome.Succeeded)).ShouldBe(1);
    }

    [Fact]
    public async Task Sigterm_when_the_grace_is_over_interrupts_and_bills()
    {
        var daemon = await Daemon.StartSmallAsync("--stop-grace", "0s");
        using var client = daemon.Connect();
        var run = client.RunAsync(new RunRequest { Template = "bash", Code = "sleep 60" }, cancellationToken: Cancelled);
        await daemon.WaitForBusyAsync(1, Cancelled);

        await daemon.TerminateAsync();

        (await run).Outcome.ShouldBe(Outcome.Interrupted);
        await LeftAsync(daemon);
        await using var successor = await daemon.SucceedAsync();
        (await RunsAsync(successor, Outcome.Interrupted)).ShouldBe(1);
    }

    [Fact]
    public async Task Idle_for_long_enough_leaves()
    {
        var daemon = await Daemon.StartSmallAsync("--idle-exit", "1");
        using (var client = daemon.Connect())
        {
            (await client.RunAsync(new RunRequest { Template = "python", Code = "import time; time.sleep(2); print(1)" }, cancellationToken: Cancelled))
                .Stdout.ShouldBe("1\n");
        }

        await LeftAsync(daemon);
        await using var successor = await daemon.SucceedAsync();
        (await RunsAsync(successor, Outcome.Succeeded)).ShouldBe(1);
    }

    [Fact]
    public async Task Receipts_that_are_held_are_billed_by_the_next_start()
    {
        var daemon = await Daemon.StartSmallAsync("--hold-receipts");
        using (var client = daemon.Connect())
        {
            (await client.RunAsync(new RunRequest { Template = "bash", Code = "echo 1" }, cancellationToken: Cancelled)).Stdout.ShouldBe("1\n");
        }

        (await RunsAsync(daemon, Outcome.Succeeded)).ShouldBe(0);
        await daemon.TerminateAsync();
        await LeftAsync(daemon);
        await using var successor = await daemon.SucceedAsync();
        while (await RunsAsync(successor, Outcome.Succeeded) != 1)
        {
            await Task.Delay(20, Cancelled);
        }
    }

    private static async Task LeftAsync(Daemon daemon)
    {
        await daemon.Process.WaitForExitAsync(Cancelled).WaitAsync(Patience, Cancelled);
        daemon.Process.ExitCode.ShouldBe(0, daemon.Log);
    }

    private static async Task<long> RunsAsync(Daemon daemon, Outcome outcome)
    {
        using var client = daemon.Connect();
        return (await client.GetUsageAsync(cancellationToken: Cancelled)).Rows.Where(row => row.Outcome == outcome).Sum(row => row.Runs);
    }
}
