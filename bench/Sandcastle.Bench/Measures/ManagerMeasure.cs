using Sandcastle.Bench.Fakes;
using Sandcastle.Bench.Loads;
using Sandcastle.Bench.Machine;
using Sandcastle.Bench.Reports;
using Sandcastle.Bench.Servers;

namespace Sandcastle.Bench.Measures;

/// <summary>13: how many runs a second one manager process passes on, before workers that do nothing. Load and workers share the machine with it.</summary>
internal sealed class ManagerMeasure : IMeasure
{
    private const int Workers = 8;
    private const int Clients = 32;

    private static readonly Row Rate = new()
    {
        Measure = 13,
        Name = "runs through one manager before fake workers, per second",
        Must = Bound.NoLessThan(2_000),
    };

    public int Number => 13;

    public string Name => "one manager";

    public IReadOnlyList<Row> Promises => [Rate];

    public async Task TakeAsync(BenchSession session, CancellationToken cancellationToken)
    {
        await session.EndServerAsync();
        await using var workers = await FakeWorkerHost.StartAsync(Workers, cancellationToken);
        await using var manager = await BenchServer.StartAsync(
            templates: null, ["--role", "manager", "--workers", string.Join(',', workers.Addresses)], TimeSpan.FromSeconds(60), cancellationToken);
        await WorkersAsync(manager, cancellationToken);
        var time = TimeSpan.FromSeconds(session.Options.Times(10, 2));
        using var load = new ClosedLoop(manager, Work.Print, Clients);
        await load.RunAsync(time, cancellationToken);

        var (mine, its) = (ProcessCpu.Millis("self"), ProcessCpu.Millis($"{manager.ProcessId}"));
        var result = await load.RunAsync(time, cancellationToken);
        (mine, its) = (ProcessCpu.Millis("self") - mine, ProcessCpu.Millis($"{manager.ProcessId}") - its);
        var runs = result.Samples.Count;
        session.Report.Rows.Add(Rate with { Product = new Figure(result.PerSecond, "/s") });
        session.Report.Notes.Add($"Measure 13: {Clients} clients, {Workers} workers; processor time a run: {its / runs:0.000} ms of the manager, "
            + $"{mine / runs:0.000} ms of the load and the fake workers together; alone on a processor the manager would pass on {1000 * runs / its:N0} a second.");
    }

    private static async Task WorkersAsync(BenchServer manager, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var looks = 0; (await manager.Client.GetTemplatesAsync(cancellationToken)).Sum(t => t.Slots.Ready) < Workers * 250; looks++)
        {
            if (looks > 1_000)
            {
                throw new BenchException("the manager does not find its workers");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
