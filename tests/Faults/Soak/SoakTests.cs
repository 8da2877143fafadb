using Sandcastle.Faults.Loads;
using Sandcastle.Faults.Looks;
using Sandcastle.Faults.Servers;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Faults.Soak;

/// <summary>A daemon after very many runs of every outcome is as it was after the first few.</summary>
public sealed class SoakTests
{
    private const int ClientCount = 16;
    private const int Looks = 50;
    private const int FewestBetweenLooks = 250;

    /// <summary>Of the machine, on which other work may run: beyond this per run something is lost, whatever it is.</summary>
    private const long GrossKernelBytes = 32 << 10;

    private const long GrossKernelNoise = 256L << 20;

    private static readonly TimeSpan PatienceForReturn = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Daemon_after_many_runs_of_every_outcome_has_what_it_had_after_the_first()
    {
        await using var marks = await Marks.StartAsync();
        using var templates = new MarkedTemplates(marks, new Dictionary<string, int>(StringComparer.Ordinal));
        // Results are kept for a while so that a key can be used again: not for longer than the warm-up, or memory would grow with them.
        await using var server = await Succession.StartAsync("--templates", templates.Location, "--keep-results", "5s");
        var load = new SoakLoad(server, ProgramMix.EveryOutcome(await HasAsync(server, "node")), ClientCount);
        var samples = await SoakAsync(server, load);

        await marks.FlushAsync();
        var ledger = await LedgerFile.ReadAsync(server.Current, [.. load.Ends.Select(end => end.Run).OfType<string>()], Cancelled);
        var report = new SoakReport { Samples = samples, Ends = load.Ends, Receipts = ledger.Count, Faults = FaultsOf(load.Ends, marks, ledger) };
        FaultOptions.Publish("soak", report.ToString());
        FaultOptions.Save("soak-daemon", server.Current.Log);

        report.Faults.ShouldBeEmpty(report.ToString());
        ledger.Count.ShouldBe(load.Ends.Count);
        var (first, last) = (samples[0], samples[^1]);
        last.Picture.ShouldBe(first.Picture);
        last.Threads.ShouldBeLessThan(first.Threads + 16);
        last.Memory.RssBytes.ShouldBeLessThan((first.Memory.RssBytes * 3 / 2) + (64 << 20));
        (last.Kernel.UnreclaimableBytes - first.Kernel.UnreclaimableBytes)
            .ShouldBeLessThan(((last.Runs - first.Runs) * GrossKernelBytes) + GrossKernelNoise);
    }

    private static async Task<IReadOnlyList<Sample>> SoakAsync(Succession server, SoakLoad load)
    {
        var start = TimeProvider.System.GetTimestamp();
        var step = Math.Max(FewestBetweenLooks, FaultOptions.SoakRuns / Looks);
        var samples = new List<Sample>();
        for (var done = 0; done < FaultOptions.SoakRuns;)
        {
            var runs = Math.Min(step, FaultOptions.SoakRuns - done);
            await load.RunAsync(runs);
            done += runs;
            samples.Add(await Sample.TakeAsync(server, done, TimeProvider.System.GetElapsedTime(start), Cancelled));
            FaultOptions.Save("soak", new SoakReport { Samples = Warm(samples), Ends = load.Ends, Receipts = 0, Faults = ["not judged yet"] }.ToString());
        }

        // What goes a little later than the last answer has time to.
        var warm = Warm(samples);
        var last = await Picture.ReturnedAsync(server, warm[0].Picture, PatienceForReturn, Cancelled);
        warm[^1] = warm[^1] with { Picture = last };
        return warm;
    }

    /// <summary>A tenth of it warms up.</summary>
    private static List<Sample> Warm(List<Sample> samples) => [.. samples.Skip(Math.Max(1, samples.Count / 10) - 1)];

    private static List<string> FaultsOf(IReadOnlyCollection<RequestEnd> ends, Marks marks, IReadOnlyDictionary<string, string> ledger) =>
    [
        .. ends.Where(end => end.Outcome != end.Program.Expected && end.Fate != Fate.Left).Select(end => $"expected {end.Program.Expected}: {end}"),
        .. ends.Where(end => end.Fate == Fate.Left && end.Program.Manner != Manner.Leave).Select(end => $"left: {end}"),
        .. ends.Where(end => end.Wrong is not null).Select(end => $"wrong answer: {end}"),
        .. ends.Where(end => !MayHaveBegun(end, marks.Count(end.Program.Token))).Select(end => $"began {marks.Count(end.Program.Token)} times: {end}"),
        .. ends.Where(end => end.Run is null || Parse(ledger.GetValueOrDefault(end.Run)) != end.Program.Expected)
            .Select(end => $"ledger has {(end.Run is null ? "no run" : ledger.GetValueOrDefault(end.Run) ?? "nothing")}: {end}"),
    ];

    /// <summary>Once; a program that is ended soon after its job was handed over may not have come to its first line.</summary>
    private static bool MayHaveBegun(RequestEnd end, int times) =>
        times == 1 || (times == 0 && end.Program.Expected is Outcome.Cancelled or Outcome.TimedOut);

    private static Outcome? Parse(string? wire) =>
        wire is not null && Enum.TryParse<Outcome>(wire.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var outcome) ? outcome : null;

    private static async Task<bool> HasAsync(Succession server, string template)
    {
        using var client = server.Connect();
        return (await client.GetTemplatesAsync(Cancelled)).Any(t => t.Name == template && t.Available);
    }
}
