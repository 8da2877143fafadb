using Sandcastle.Faults.Loads;
using Sandcastle.Faults.Looks;
using Sandcastle.Faults.Servers;
using Sandcastle.Linux.Processes;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Sandcastle.Faults.Chaos;

/// <summary>Any process of ours is killed at any time while clients ask for runs: none of them waits for ever, none is billed twice or not at all, and nothing is left.</summary>
public sealed class RandomDeathTests
{
    private const int ClientCount = 6;

    /// <summary>Of the time, for which the daemon is spared: the one that is looked at afterwards has itself lived through deaths around it.</summary>
    private const double Spared = 0.25;

    /// <summary>
    /// The same load with the same deaths, the daemon's excepted, for as long as the one that is looked at afterwards is spared: what code
    /// and heap come to with the time is the same then.
    /// </summary>
    private static readonly TimeSpan WarmUp = FaultOptions.Chaos * Spared;

    /// <summary>The same load without deaths, before each look.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PatienceForReturn = TimeSpan.FromSeconds(60);

    // A keep that dies takes its ready slots along: few, so that there are some again before the next one dies.
    private static readonly Dictionary<string, int> Ready = new(StringComparer.Ordinal)
    {
        ["python"] = 8,
        ["bash"] = 4,
        ["node"] = 2,
        ["python-data"] = 1,
    };

    private static readonly ProcessKind[] EveryOne =
        [ProcessKind.Daemon, ProcessKind.Broker, ProcessKind.Keep, ProcessKind.Zygote, ProcessKind.Init, ProcessKind.Program, ProcessKind.Holder];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Anything_killed_at_random_under_load_leaves_no_trace_no_open_question_and_one_receipt_a_run()
    {
        Assert.SkipUnless(OwnProcess.EffectiveUid == 0, "processes of other ids are killed, which only root may do");
        await using var marks = await Marks.StartAsync();
        using var templates = new MarkedTemplates(marks, Ready);
        // The heap grows to the size of the processor's cache before it is collected for the first time: without this the comparison
        // of memory would be one of how far that had come.
        Environment.SetEnvironmentVariable("DOTNET_GCgen0size", "400000");
        await using var server = await Succession.StartAsync("--templates", templates.Location, "--keep-results", "5s");
        var clients = new Clients(server, ProgramMix.Lively(await HasAsync(server, "node")), ClientCount, FaultOptions.Seed);
        var killer = new Killer(server, FaultOptions.Seed);

        await LoadAsync(clients, WarmUp, killer.KillProcessesAsync);
        killer.KillKeeps();
        await LoadAsync(clients, Calm);
        var before = await Picture.SettledAsync(server, Cancelled);
        var memoryBefore = DaemonMemory.Of(server.Current);
        await LoadAsync(clients, FaultOptions.Chaos * (1 - Spared), killer.KillProcessesAndDaemonsAsync);
        await LoadAsync(clients, FaultOptions.Chaos * Spared, killer.KillProcessesAsync);
        killer.KillKeeps();
        await LoadAsync(clients, Calm);
        var after = await Picture.ReturnedAsync(server, before, PatienceForReturn, Cancelled);
        await marks.FlushAsync();
        var ledger = await LedgerFile.ReadAsync(server.Current, [.. clients.Ends.Select(end => end.Run).OfType<string>()], Cancelled);
        var report = new ChaosReport
        {
            Seed = FaultOptions.Seed,
            Duration = FaultOptions.Chaos,
            Killed = killer.Killed,
            Ends = clients.Ends,
            Receipts = ledger.Count,
            Before = before,
            After = after,
            MemoryBefore = memoryBefore,
            MemoryAfter = DaemonMemory.Of(server.Current),
            Faults = new Judgement(clients.Ends, marks, ledger).Faults,
        };
        FaultOptions.Publish("chaos", report.ToString());
        FaultOptions.Save("chaos-daemon", server.Current.Log);

        report.Faults.ShouldBeEmpty(report.ToString());
        after.ShouldBe(before);
        report.MemoryAfter.RssBytes.ShouldBeLessThan((long)(report.MemoryBefore.RssBytes * 1.1));
        // Else nothing was tried.
        EveryOne.ShouldBeSubsetOf(killer.Killed.Keys);
        report.Ends.Count(end => end.Fate == Fate.Answered).ShouldBeGreaterThan(0);
    }

    private static async Task LoadAsync(Clients clients, TimeSpan time, Func<CancellationToken, Task>? beside = null)
    {
        using var over = new CancellationTokenSource();
        var load = clients.LoadAsync(over.Token);
        over.CancelAfter(time);
        await Task.WhenAll(load, beside?.Invoke(over.Token) ?? Task.CompletedTask).WaitAsync(Cancelled);
    }

    private static async Task<bool> HasAsync(Succession server, string template)
    {
        using var client = server.Connect();
        return (await client.GetTemplatesAsync(Cancelled)).Any(t => t.Name == template && t.Available);
    }
}
