using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Machine;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Servers;

namespace Sandcastle.Bench.Measures;

/// <summary>
/// 10: the profiles side by side: a run that finds a ready slot, a run for which one is made, and what a ready slot holds. The servers
/// take turns; between two runs each has its slots again, since what is measured is a run and not how fast slots are made.
/// </summary>
internal sealed class ProfilesMeasure : IMeasure
{
    private const double MiB = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly (string Profile, int Slots)[] Profiles = [("fork", 100), ("nsjail", 50), ("gvisor", 6)];

    public int Number => 10;

    public string Name => "each profile";

    public IReadOnlyList<Row> Promises => [];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        await session.EndServerAsync();
        var warm = Profiles.ToDictionary(p => p.Profile, _ => new List<RunSample>(), StringComparer.Ordinal);
        var cold = Profiles.ToDictionary(p => p.Profile, _ => new List<RunSample>(), StringComparer.Ordinal);
        for (var round = 0; round < session.Options.Times(3, 1); round++)
        {
            foreach (var (profile, _) in Profiles)
            {
                await TakeAsync(session, profile, ready: 2, session.Options.Times(30, 5), warm[profile], cancellationToken);
                await TakeAsync(session, profile, ready: 0, session.Options.Times(20, 5), cold[profile], cancellationToken);
            }
        }

        foreach (var (profile, slots) in Profiles.Where(p => warm[p.Profile].Count > 0))
        {
            session.Report.Latencies.Add(new SideBySideResult(warm[profile], []).ToLatency($"profile {profile}: print(1) in a ready slot"));
            session.Report.Latencies.Add(new SideBySideResult(cold[profile], []).ToLatency($"profile {profile}: print(1) in a slot made for it"));
            session.Report.Notes.Add(await MemoryAsync(profile, slots, cancellationToken));
        }
    }

    private static async Task TakeAsync(
        BenchSession session, string profile, int ready, int runs, List<RunSample> samples, CancellationToken cancellationToken)
    {
        using var templates = Templates(profile, ready);
        await using var server = await BenchServer.StartAsync(templates.Path, Patience, cancellationToken);
        try
        {
            await server.TemplateAsync("python", cancellationToken);
        }
        catch (UnavailableException e)
        {
            session.Report.Notes.Add($"Measure 10: profile {profile} was skipped: {e.Message}.");
            return;
        }

        using var load = new SequentialLoad(server, Work.Print);
        load.Run(session.Options.Times(10, 2), cancellationToken);
        for (var run = 0; run < runs; run++)
        {
            await server.SettleAsync(Patience, cancellationToken);
            samples.AddRange(load.Run(1, cancellationToken));
        }
    }

    /// <summary>The difference that many slots make; another kernel's own memory is in no process that is shared.</summary>
    private static async Task<string> MemoryAsync(string profile, int slots, CancellationToken cancellationToken)
    {
        var one = await ReadAsync(profile, 1, cancellationToken);
        var many = await ReadAsync(profile, slots + 1, cancellationToken);
        return $"Measure 10: a ready slot of profile {profile} holds {(one.Available - many.Available) / slots / MiB:0.0} MiB by MemAvailable of the machine, "
            + $"{(many.Pss - one.Pss) / slots / MiB:0.0} MiB by proportional set size of {(many.Processes - one.Processes) / (double)slots:0.#} processes ({slots} slots more).";
    }

    private static async Task<(double Available, long Pss, int Processes)> ReadAsync(string profile, int ready, CancellationToken cancellationToken)
    {
        using var templates = Templates(profile, ready);
        await using var server = await BenchServer.StartAsync(templates.Path, Patience, cancellationToken);
        var available = await SystemMemory.AvailableAsync(cancellationToken);
        var tree = ProcessTree.Of(server.ProcessId);
        return (available, tree.SumPss(), tree.Below.Count);
    }

    private static TemplateDirectory Templates(string profile, int ready) =>
        new(name => name == "python" ? $"ready: {ready}\nprofile: {profile}" : null);
}
