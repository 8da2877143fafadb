using System.Diagnostics;
using System.Globalization;
using Sandcastle.EndToEnd.Hostile;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.EndToEnd.Stress;

/// <summary>
/// stress-ng's classes in a slot, each stressor after the other: whatever they try and however they end, nothing outside changes and a
/// neighbour's answers are right. How slow they become is reported, and no test's business.
/// </summary>
public sealed class StressTests(SharedDaemon server)
{
    private const string Program = "/usr/bin/stress-ng";

    /// <summary>
    /// One line for each stressor: its name and how it ended. One that finds itself refused skips, says so, and ends with 0 all the same,
    /// or with 3 or 4 ("no resource", "not implemented").
    /// </summary>
    private const string Code = """
        for stressor in $STRESSORS; do
          words=$(stress-ng --$stressor 1 --timeout $SECONDS_EACH --temp-path /tmp 2>&1)
          code=$?
          case $code,$words in
            [34],*|*skipp*|*"No stress workers"*) echo "$stressor refused" ;;
            0,*) echo "$stressor ran" ;;
            *) echo "$stressor $code" ;;
          esac
        done
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cpu")]
    [InlineData("memory")]
    [InlineData("filesystem")]
    [InlineData("pipe")]
    [InlineData("scheduler")]
    [InlineData("network")]
    public async Task Class_of_stressors_changes_nothing_outside_and_no_neighbours_answer(string name)
    {
        Assert.SkipUnless(File.Exists(Program), "stress-ng is not installed: make deps-extra");
        var (stressors, seconds) = StressLength.Share(await StressorsOfAsync(name));
        var idle = await WatchAsync(server.Daemon, () => Task.Delay(StressLength.Idle, Cancelled));
        var before = await Outside.LookAsync(server.Daemon, Cancelled);
        var host = HostState.Look(server.Daemon);
        var began = TimeProvider.System.GetUtcNow();

        RunResponse? run = null;
        var beside = await WatchAsync(server.Daemon, async () => run = await StressAsync(stressors, seconds));

        var ends = Ends(run!.Stdout);
        await StressReport.AddAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {stressors.Count} × {seconds} s | {Count(ends, "ran")} | {Count(ends, "refused")} | {ends.Count - Count(ends, "ran") - Count(ends, "refused")} | {run.Outcome} | {LatencySummary.Of(beside.Latencies).Beside(LatencySummary.Of(idle.Latencies))} |"));
        await StressReport.AddAsync($"<!-- {name}: {string.Join(' ', ends.Where(end => end.End != "ran").Select(end => $"{end.Name} {end.End};"))} -->");
        run.Outcome.ShouldBeOneOf(Outcome.Succeeded, Outcome.OutOfMemory, Outcome.TimedOut, Outcome.DiskFull);
        ends.ShouldContain(end => end.End == "ran", $"nothing ran: {run.Stdout} {run.Stderr}");
        idle.Disturbed.ShouldBeEmpty();
        beside.Disturbed.ShouldBeEmpty();
        beside.Succeeded.ShouldBeGreaterThan(0);
        (await Outside.LookAgainAsync(server.Daemon, before, Cancelled)).ShouldBe(before, server.Daemon.Log);
        host.Changes(HostState.Look(server.Daemon)).ShouldBeEmpty();
        HostState.Complaints(began).ShouldBeEmpty();
    }

    [Fact]
    public async Task Neighbour_of_slots_that_keep_every_cpu_busy_gets_right_answers()
    {
        const string Busy = "import os\nfor _ in range(3): os.fork()\nwhile True: pass";
        var (idle, beside) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var turn = 0; turn < 4; turn++)
        {
            idle.AddRange((await WatchAsync(server.Daemon, () => Task.Delay(StressLength.Idle, Cancelled))).Latencies);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            var busy = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => OccupyAsync(Busy, end.Token)).ToList();
            await server.Daemon.WaitForBusyAsync(busy.Count, Cancelled);
            var watched = await WatchAsync(server.Daemon, () => Task.Delay(StressLength.Idle, Cancelled));
            watched.Disturbed.ShouldBeEmpty();
            beside.AddRange(watched.Latencies);
            await end.CancelAsync();
            await Task.WhenAll(busy);
        }

        var (quiet, loud) = (LatencySummary.Of(idle), LatencySummary.Of(beside));
        await StressReport.AddAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| every CPU busy: {Environment.ProcessorCount} slots, cpus=2, 8 processes each | | | | | | {loud.Beside(quiet)} |"));
        await StressReport.AddAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| beside that, idle (load {StressReport.Load()} after it) | | | | | | {quiet.Beside(quiet)} |"));
        loud.Count.ShouldBeGreaterThan(0);
    }

    private static int Count(List<(string Name, string End)> ends, string end) => ends.Count(e => e.End == end);

    private static async Task<IReadOnlyList<string>> StressorsOfAsync(string name)
    {
        using var ask = Process.Start(new ProcessStartInfo(Program, ["--class", name + "?"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaint = ask.StandardError.ReadToEndAsync(Cancelled);
        var answer = await ask.StandardOutput.ReadToEndAsync(Cancelled) + await complaint;
        return answer[(answer.LastIndexOf(':') + 1)..].Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<Neighbour> WatchAsync(Daemon daemon, Func<Task> meanwhile)
    {
        await using var neighbour = new Neighbour(daemon);
        await meanwhile();
        return neighbour;
    }

    private static List<(string Name, string End)> Ends(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Select(words => (words[0], words[1]))];

    private Task<RunResponse> StressAsync(IReadOnlyList<string> stressors, int seconds) => server.RunAsync(new RunRequest
    {
        Template = "bash",
        Code = Code,
        Env = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["STRESSORS"] = string.Join(' ', stressors),
            ["SECONDS_EACH"] = seconds.ToString(CultureInfo.InvariantCulture),
        },
        Limits = new LimitsRequest
        {
            Cpus = 1,
            MemoryMiB = 512,
            Pids = 200,
            DiskMiB = 256,
            TimeoutMs = (int)(StressLength.OfAClass + TimeSpan.FromSeconds(60)).TotalMilliseconds,
        },
    });

    private async Task OccupyAsync(string code, CancellationToken cancellationToken)
    {
        using var client = server.Daemon.Connect();
        try
        {
            await client.RunAsync(
                new() { Template = "python", Code = code, Limits = new LimitsRequest { Cpus = 2, TimeoutMs = 600_000 } }, cancellationToken: cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Its end: a client that goes away cancels.
        }
    }
}
