using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Processes;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Servers;

namespace Sandcastle.Bench.Measures;

/// <summary>9: what the outer wall around the zygote costs a run: two servers at once, in turns.</summary>
internal sealed class KeepsMeasure : IMeasure
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public int Number => 9;

    public string Name => "each keep";

    public IReadOnlyList<Row> Promises => [];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        await session.EndServerAsync();
        if (Programs.Nsjail() is null)
        {
            session.Report.Notes.Add("Measure 9 was skipped: nsjail is neither at SANDCASTLE_NSJAIL nor in PATH, so there is only one keep.");
            return;
        }

        using var builtinTemplates = Templates("builtin");
        using var nsjailTemplates = Templates("nsjail");
        await using var builtin = await BenchServer.StartAsync(builtinTemplates.Path, Patience, cancellationToken);
        await using var nsjail = await BenchServer.StartAsync(nsjailTemplates.Path, Patience, cancellationToken);
        await session.WarmAsync(builtin, cancellationToken);
        await session.WarmAsync(nsjail, cancellationToken);

        var plan = new SideBySide { Rounds = 1, Runs = 20, Bare = 0, WarmUp = 0 };
        List<RunSample> ofBuiltin = [], ofNsjail = [];
        for (var round = 0; round < session.Options.Times(20, 4); round++)
        {
            ofBuiltin.AddRange((await plan.TakeAsync(session, builtin, Work.Print, bare: null, cancellationToken)).Runs);
            ofNsjail.AddRange((await plan.TakeAsync(session, nsjail, Work.Print, bare: null, cancellationToken)).Runs);
        }

        session.Report.Latencies.Add(new SideBySideResult(ofBuiltin, []).ToLatency($"keep {Keep(ofBuiltin)}: print(1)"));
        session.Report.Latencies.Add(new SideBySideResult(ofNsjail, []).ToLatency($"keep {Keep(ofNsjail)}: print(1)"));
    }

    /// <summary>As the runs say, not as it was asked for.</summary>
    private static string Keep(List<RunSample> runs) => string.Join('+', runs.Select(run => run.Result.Keep).Distinct(StringComparer.Ordinal));

    private static TemplateDirectory Templates(string keep) => new(name => name == "python" ? $"ready: 8\nkeep: {keep}" : "ready: 0");
}
