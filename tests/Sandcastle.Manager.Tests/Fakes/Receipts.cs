using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>Receipts with plausible figures.</summary>
internal static class Receipts
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public static Receipt Of(RunOrder order, Outcome outcome, string worker) =>
        New(order.Id, order.Tenant, order.Template, outcome) with { Worker = worker, Limits = order.Limits, StartedAt = TimeProvider.System.GetUtcNow() };

    public static Receipt New(RunId? id = null, string tenant = "default", string template = "python", Outcome outcome = Outcome.Succeeded) => new()
    {
        Run = id ?? RunId.New(),
        Tenant = tenant,
        Template = template,
        Profile = "fork",
        Keep = "builtin",
        Worker = "worker-a",
        StartedAt = Noon,
        Outcome = outcome,
        ExitCode = outcome == Outcome.Succeeded ? 0 : 1,
        CpuMicros = 3000,
        CpuUserMicros = 2000,
        CpuSystemMicros = 1000,
        RusageCpuMicros = 2900,
        WallMicros = 4000,
        PeakMemoryBytes = 5 << 20,
        MemoryByteSeconds = 20971.5,
        IoReadBytes = 100,
        IoWriteBytes = 6,
        OutputBytes = 6,
        Limits = RunLimits.Default,
        Sources = new Dictionary<string, FigureSource>
        {
            ["cpu"] = new("cpuacct.usage", FigureKind.Exact),
            ["memory"] = new("memory.max_usage_in_bytes", FigureKind.Exact),
        },
    };
}
