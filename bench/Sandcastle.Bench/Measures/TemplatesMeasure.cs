using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Processes;
using Sandcastle.Bench.Reports;

namespace Sandcastle.Bench.Measures;

/// <summary>8: the smallest program of each template, beside the same program bare.</summary>
internal sealed class TemplatesMeasure : IMeasure
{
    private static readonly (string Template, string Code, string Stdout, string[] Bare)[] Smallest =
    [
        ("bash", "true", "", ["/bin/bash", "-c", "true"]),
        ("node", "console.log(1)", "1\n", ["/usr/bin/node", "-e", "console.log(1)"]),
        ("python", "print(1)", "1\n", [Programs.Python, "-c", "print(1)"]),
    ];

    public int Number => 8;

    public string Name => "each template";

    public IReadOnlyList<Row> Promises => [];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        var server = await session.ServerAsync(cancellationToken);
        foreach (var (template, code, stdout, argv) in Smallest)
        {
            try
            {
                await server.TemplateAsync(template, cancellationToken);
                var plan = new SideBySide { Rounds = session.Options.Times(10, 2), Runs = session.Options.Times(20, 10), Bare = session.Options.Times(5, 3) };
                var bare = new SpawnJob { Argv = argv, Expect = stdout };
                var result = await plan.TakeAsync(session, server, Work.Of(template, code, stdout), bare, cancellationToken);
                session.Report.Latencies.Add(result.ToLatency($"template {template}: {code}", $"{string.Join(' ', argv)}, bare"));
            }
            catch (UnavailableException e)
            {
                session.Report.Notes.Add($"Measure 8: skipped: {e.Message}.");
            }
        }
    }
}
