using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Ledger.Intake;

/// <summary>Each thing that a worker may not say of a run; and what it may, just within.</summary>
public sealed class ReceiptCheckTests
{
    private static readonly DateTimeOffset Now = Receipts.Noon;
    private static readonly WorkerBounds Bounds = new();
    private static readonly Receipt Sane = Receipts.New();

    private static readonly (string What, Func<Receipt, Receipt> Change, string Reason)[] Faults =
    [
        ("cpu below zero", r => r with { CpuMicros = -1 }, "cpuMicros -1 must be between 0 and"),
        ("cpu beyond its limit", r => r with { CpuMicros = 300_004_001 }, "cpuMicros 300004001 must be between 0 and 300004000"),
        ("cpu of all that a long holds", r => r with { CpuMicros = long.MaxValue }, "cpuMicros"),
        ("cpu of an interrupted run beyond its time limit", r => r with { Outcome = Outcome.Interrupted, WallMicros = 0, CpuMicros = 330_000_001 }, "cpuMicros 330000001 must be between 0 and 330000000"),
        ("cpu that nothing limits, beyond any machine", r => r with { Unenforced = ["cpu"], CpuMicros = 1024 * 300_004_000L + 1 }, "cpuMicros"),
        ("user time", r => r with { CpuUserMicros = long.MaxValue }, "cpuUserMicros"),
        ("system time", r => r with { CpuSystemMicros = -5 }, "cpuSystemMicros -5"),
        ("rusage", r => r with { RusageCpuMicros = long.MaxValue }, "rusageCpuMicros"),
        ("wall below zero", r => r with { WallMicros = -1 }, "wallMicros -1"),
        ("wall beyond its time limit", r => r with { WallMicros = 330_000_001 }, "wallMicros 330000001 must be between 0 and 330000000"),
        ("peak", r => r with { PeakMemoryBytes = (256L << 20) + (256L << 20) + (2L << 30) + 1 }, "peakMemoryBytes"),
        ("memory over time", r => r with { MemoryByteSeconds = double.PositiveInfinity }, "memoryByteSeconds"),
        ("memory that is no number", r => r with { MemoryByteSeconds = double.NaN }, "memoryByteSeconds NaN"),
        ("bytes read", r => r with { IoReadBytes = long.MaxValue }, "ioReadBytes"),
        ("bytes written", r => r with { IoWriteBytes = -1 }, "ioWriteBytes -1"),
        ("output", r => r with { OutputBytes = long.MaxValue }, "outputBytes"),
        ("time limit of for ever", r => r with { Limits = RunLimits.Default with { Timeout = TimeSpan.MaxValue } }, "limits.timeout"),
        ("time limit of none", r => r with { Limits = RunLimits.Default with { Timeout = TimeSpan.Zero } }, "limits.timeout"),
        ("more processors than there are", r => r with { Limits = RunLimits.Default with { Cpus = 1025 } }, "limits.cpus 1025 must be above zero and at most 1024"),
        ("processors that are no number", r => r with { Limits = RunLimits.Default with { Cpus = double.NaN } }, "limits.cpus NaN"),
        ("memory limit", r => r with { Limits = RunLimits.Default with { MemoryBytes = (16L << 40) + 1 } }, "limits.memoryBytes"),
        ("disk limit", r => r with { Limits = RunLimits.Default with { DiskBytes = -1 } }, "limits.diskBytes"),
        ("tomorrow", r => r with { StartedAt = Now.AddHours(1).AddTicks(1) }, "startedAt 2026-05-04T13:00:00Z, or its end, is more than 01:00:00 ahead"),
        ("an end that has not come", r => r with { StartedAt = Now.AddMinutes(59), WallMicros = 60_000_001 }, "startedAt 2026-05-04T12:59:00Z"),
        ("the end of time", r => r with { StartedAt = DateTimeOffset.MaxValue }, "startedAt 9999"),
        ("no tenant", r => r with { Tenant = "" }, "tenant must be 1 to 63"),
        ("a tenant that cannot be", r => r with { Tenant = "a\0" }, "tenant must be 1 to 63"),
        ("a long template", r => r with { Template = new string('x', 254) }, "template must have at most 253 characters"),
        ("a lot on two lines", r => r with { Lot = "a\nb" }, "lot must have"),
        ("an outcome of its own", r => r with { Outcome = (Outcome)99 }, "outcome 99 is none"),
        ("a kind of its own", r => r with { Sources = new Dictionary<string, FigureSource> { ["cpu"] = new("x", (FigureKind)99) } }, "sources must be"),
        ("a limit that is two", r => r with { Unenforced = ["cpu,memory"] }, "unenforced must be"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Names => Faults.Select(f => new TheoryDataRow<string>(f.What));

    [Theory]
    [MemberData(nameof(Names))]
    public void Look_whatNoMachineDoes_isNamedWithItsLimit(string what)
    {
        var (_, change, reason) = Faults.Single(f => f.What == what);
        var fault = new ReceiptCheck(Bounds).Look(change(Sane), Now);
        fault.ShouldNotBeNull().Reason.ShouldStartWith(reason);
    }

    [Fact]
    public void Look_whatCanBe_isTaken()
    {
        foreach (var receipt in (Receipt[])
        [
            Sane,
            Sane with { StartedAt = Now.AddMinutes(59), WallMicros = 60_000_000, CpuMicros = 360_000_000 },
            Sane with { StartedAt = DateTimeOffset.UnixEpoch, WallMicros = 330_000_000 },
            Sane with { Outcome = Outcome.Interrupted, WallMicros = 0, CpuMicros = 330_000_000, PeakMemoryBytes = 0, MemoryByteSeconds = 0 },
            Sane with { Unenforced = ["cpu", "memory"], CpuMicros = 1024 * 300_004_000L, PeakMemoryBytes = 16L << 40 },
            Sane with { Lot = null, ExitCode = null, Signal = 9, Unenforced = [] },
        ])
        {
            new ReceiptCheck(Bounds).Look(receipt, Now).ShouldBeNull();
        }
    }

    [Fact]
    public void Look_withBoundsOfItsOwn_holdsThose()
    {
        var check = new ReceiptCheck(new WorkerBounds { Grace = TimeSpan.FromSeconds(1), Ahead = TimeSpan.FromSeconds(5), Cpus = 1, MemoryBytes = 1L << 30, RunTime = TimeSpan.FromSeconds(30) });
        check.Look(Sane, Now).ShouldBeNull();
        check.Look(Sane with { CpuMicros = 1_004_001 }, Now)!.Reason.ShouldBe("cpuMicros 1004001 must be between 0 and 1004000");
        check.Look(Sane with { StartedAt = Now.AddSeconds(6) }, Now)!.Kind.ShouldBe("time");
        check.Look(Sane with { PeakMemoryBytes = (1L << 30) + 1 }, Now)!.Kind.ShouldBe("figures");
        check.Look(Sane with { Limits = RunLimits.Default with { Timeout = TimeSpan.FromSeconds(31) } }, Now)!.Reason.ShouldStartWith("limits.timeout 00:00:31");
    }
}
