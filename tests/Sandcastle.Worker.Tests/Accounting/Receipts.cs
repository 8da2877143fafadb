using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Tests.Accounting;

internal static class Receipts
{
    internal static Receipt New(long cpuMicros = 1) => new()
    {
        Run = RunId.New(),
        Tenant = "tenant",
        Template = "python",
        Profile = "fork",
        Keep = "builtin",
        Worker = "worker",
        Lot = "lot-7",
        StartedAt = DateTimeOffset.UnixEpoch,
        Outcome = Outcome.Succeeded,
        ExitCode = 0,
        CpuMicros = cpuMicros,
        CpuUserMicros = 1,
        CpuSystemMicros = 0,
        RusageCpuMicros = 1,
        WallMicros = 2,
        PeakMemoryBytes = 3,
        MemoryByteSeconds = 4.5,
        IoReadBytes = 5,
        IoWriteBytes = 6,
        OutputBytes = 7,
        Limits = RunLimits.Default,
        Unenforced = ["memory"],
        Sources = new Dictionary<string, FigureSource> { ["cpuMicros"] = new("cpuacct.usage", FigureKind.Exact) },
    };
}
