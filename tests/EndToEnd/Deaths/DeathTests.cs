using System.Diagnostics;
using System.Globalization;
using Sandcastle.Client;
using Sandcastle.EndToEnd.Hostile;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.EndToEnd.Deaths;

/// <summary>Any process of ours is killed in the middle of 100 runs: each gets a typed answer or a closed connection, and the next one works.</summary>
public sealed class DeathTests
{
    /// <summary>Of the runs, so many are at work for as long as the test wants.</summary>
    private const int Held = 5;

    private static readonly RunRequest Slow = new() { Template = "python", Code = "import time; time.sleep(0.5); print('done')" };
    private static readonly RunRequest Quick = new() { Template = "python", Code = "print(1)" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Zygote_killed_takes_no_run_with_it_and_is_back()
    {
        await using var daemon = await Daemon.StartSmallAsync();
        var before = await Outside.LookAsync(daemon, Cancelled);
        var runs = StartRuns(daemon, 100);
        await HeldProgram.WaitAsync(daemon, Held, Cancelled);
        var killed = Zygotes(daemon).ShouldHaveSingleItem();
        Kill(killed);
        HeldProgram.Release(daemon);

        var ended = await Task.WhenAll(runs);
        ended.ShouldAllBe(e => e == "Succeeded done\n");
        using var client = daemon.Connect();
        (await client.RunAsync(Quick, cancellationToken: Cancelled)).Stdout.ShouldBe("1\n");
        while (Zygotes(daemon) is not [var successor] || successor == killed)
        {
            await Task.Delay(20, Cancelled);
        }

        (await Outside.LookAgainAsync(daemon, before, Cancelled)).ShouldBe(before);
    }

    [Fact]
    public async Task Init_of_a_slot_killed_interrupts_that_run_only()
    {
        await using var daemon = await Daemon.StartSmallAsync();
        var before = await Outside.LookAsync(daemon, Cancelled);
        var runs = StartRuns(daemon, 100);
        await HeldProgram.WaitAsync(daemon, Held, Cancelled);
        var killed = InitOfARunningSlot(daemon);
        Kill(killed);
        while (IsAlive(killed))
        {
            // Until then it has not taken its slot's program along, which would be let go with the others.
            await Task.Delay(10, Cancelled);
        }

        HeldProgram.Release(daemon);

        var ended = await Task.WhenAll(runs);
        ended.Count(e => e == "Succeeded done\n").ShouldBe(99);
        ended.Where(e => e != "Succeeded done\n").ShouldHaveSingleItem().ShouldStartWith("Interrupted");
        (await Outside.LookAgainAsync(daemon, before, Cancelled)).ShouldBe(before);
    }

    [Fact]
    public async Task Keep_killed_interrupts_its_runs_and_is_built_again()
    {
        await using var daemon = await Daemon.StartSmallAsync();
        var before = await Outside.LookAsync(daemon, Cancelled);
        var runs = StartRuns(daemon, 40);
        await HeldProgram.WaitAsync(daemon, Held, Cancelled);
        Kill(Parent(Zygotes(daemon).ShouldHaveSingleItem()));

        var ended = await Task.WhenAll(runs);
        ended.ShouldAllBe(e => e == "Succeeded done\n" || e.StartsWith("Interrupted") || e.StartsWith("refused: "));
        ended[..Held].ShouldAllBe(e => e.StartsWith("Interrupted"));

        await daemon.SettleAsync(Cancelled);
        using var client = daemon.Connect();
        (await client.RunAsync(Quick, cancellationToken: Cancelled)).Stdout.ShouldBe("1\n");
        (await Outside.LookAgainAsync(daemon, before, Cancelled)).ShouldBe(before);
    }

    [Fact]
    public async Task Daemon_killed_leaves_no_process_and_its_successor_no_trace()
    {
        var daemon = await Daemon.StartSmallAsync();
        var before = await Outside.LookAsync(daemon, Cancelled);
        var runs = StartRuns(daemon, 100);
        await HeldProgram.WaitAsync(daemon, Held, Cancelled);
        var family = Outside.Descendants(daemon.Process.Id).Where(p => p.CommandLine.Contains("sandcastle", StringComparison.Ordinal)
            || p.CommandLine.Contains("zygote", StringComparison.Ordinal)).Select(p => p.Pid).ToList();
        family.Count.ShouldBeGreaterThan(10);
        Kill(daemon.Process.Id);
        var killedAt = Stopwatch.GetTimestamp();

        var ended = await Task.WhenAll(runs);
        ended.ShouldAllBe(e => e == "Succeeded done\n" || e.StartsWith("unreachable: "));
        ended[..Held].ShouldAllBe(e => e.StartsWith("unreachable: "));

        while (family.Any(IsAlive))
        {
            Stopwatch.GetElapsedTime(killedAt).ShouldBeLessThan(TimeSpan.FromSeconds(60));
            await Task.Delay(10, Cancelled);
        }

        await using var successor = await daemon.SucceedAsync();
        using var client = successor.Connect();
        (await client.RunAsync(Quick, cancellationToken: Cancelled)).Stdout.ShouldBe("1\n");
        (await Outside.LookAgainAsync(successor, before, Cancelled)).ShouldBe(before);
        // What was running when it died is billed as interrupted, once the journal has been carried into the ledger.
        while ((await client.GetUsageAsync(cancellationToken: Cancelled)).Rows.Where(r => r.Outcome == Outcome.Interrupted).Sum(r => r.Runs) < Held)
        {
            await Task.Delay(20, Cancelled);
        }
    }

    private static List<Task<string>> StartRuns(Daemon daemon, int count) => [.. Enumerable.Range(0, count).Select(async number =>
    {
        using var client = daemon.Connect();
        try
        {
            var run = await client.RunAsync(number < Held ? HeldProgram.Request : Slow, cancellationToken: Cancelled);
            return $"{run.Outcome} {run.Stdout}";
        }
        catch (SandcastleException e)
        {
            return $"refused: {e.Problem.Kind}";
        }
        catch (ServerUnreachableException e)
        {
            return $"unreachable: {e.GetType().Name}";
        }
    })];

    /// <summary>The zygote of the python template: a warm interpreter that is a child of a keep's init.</summary>
    private static List<int> Zygotes(Daemon daemon) =>
        [.. Outside.Descendants(daemon.Process.Id)
            .Where(p => p.CommandLine.Contains("zygote.py", StringComparison.Ordinal) && !p.CommandLine.Contains("pandas", StringComparison.Ordinal))
            .Where(p => NamespacePids(p.Pid).Count == 2)
            .Select(p => p.Pid)];

    /// <summary>Pid 1 of a slot in which a program is at work.</summary>
    private static int InitOfARunningSlot(Daemon daemon)
    {
        var slot = new FileInfo($"/proc/{HeldProgram.Children(daemon)[0]}/ns/pid").LinkTarget;
        return Outside.Descendants(daemon.Process.Id).First(p => NamespacePids(p.Pid) is [_, _, 1] && new FileInfo($"/proc/{p.Pid}/ns/pid").LinkTarget == slot).Pid;
    }

    /// <summary>Its pid in each namespace it is in, outermost first.</summary>
    private static List<int> NamespacePids(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("NSpid:", StringComparison.Ordinal));
            return [.. line.Split('\t').Skip(1).Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static int Parent(int pid) => int.Parse(
        File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("PPid:", StringComparison.Ordinal)).Split('\t')[1],
        CultureInfo.InvariantCulture);

    private static bool IsAlive(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Kill(int pid)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -KILL {pid}"]);
        kill.WaitForExit();
    }
}
