using Sandcastle.Client;
using Sandcastle.Client.Events;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.EndToEnd.Deaths;

/// <summary>A daemon that leaves, told to or of its own accord, finishes what it has, loses no receipt and leaves nothing.</summary>
public sealed class DepartureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

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
        (await BilledAsync(successor, Outcome.Succeeded)).ShouldBe(1);
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
        (await BilledAsync(successor, Outcome.Interrupted)).ShouldBe(1);
    }

    [Fact]
    public async Task Idle_for_long_enough_leaves()
    {
        var daemon = await Daemon.StartSmallAsync("--idle-exit", "1");
        while (!await IsAskedInTimeAsync(daemon))
        {
            // It left before anybody asked, as it should; this machine was too busy to ask within a second.
            await LeftAsync(daemon);
            daemon = await daemon.SucceedAsync("--idle-exit", "1");
        }

        await LeftAsync(daemon);
        await using var successor = await daemon.SucceedAsync();
        (await BilledAsync(successor, Outcome.Succeeded)).ShouldBe(1);
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
        (await BilledAsync(successor, Outcome.Succeeded)).ShouldBe(1);
    }

    /// <summary>A program that runs for longer than the daemon may be idle.</summary>
    private static async Task<bool> IsAskedInTimeAsync(Daemon daemon)
    {
        using var client = daemon.Connect();
        try
        {
            (await client.RunAsync(new RunRequest { Template = "python", Code = "import time; time.sleep(2); print(1)" }, cancellationToken: Cancelled))
                .Stdout.ShouldBe("1\n");
            return true;
        }
        catch (ServerUnreachableException e) when (e.NeverSent)
        {
            return false;
        }
    }

    private static async Task LeftAsync(Daemon daemon)
    {
        await daemon.Process.WaitForExitAsync(Cancelled).WaitAsync(Patience, Cancelled);
        daemon.Process.ExitCode.ShouldBe(0, daemon.Log);
    }

    /// <summary>So many runs as soon as there are any: what a daemon did not post before it left, its successor does when it has started.</summary>
    private static async Task<long> BilledAsync(Daemon daemon, Outcome outcome)
    {
        while (true)
        {
            if (await RunsAsync(daemon, outcome) is > 0 and var runs)
            {
                return runs;
            }

            await Task.Delay(20, Cancelled);
        }
    }

    private static async Task<long> RunsAsync(Daemon daemon, Outcome outcome)
    {
        using var client = daemon.Connect();
        return (await client.GetUsageAsync(cancellationToken: Cancelled)).Rows.Where(row => row.Outcome == outcome).Sum(row => row.Runs);
    }
}
