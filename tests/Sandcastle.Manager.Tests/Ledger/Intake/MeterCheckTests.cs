using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Ledger.Intake;

public sealed class MeterCheckTests
{
    private static readonly DateTimeOffset Now = Receipts.Noon;

    private static readonly WorkerMeter Sane = new()
    {
        Incarnation = "one",
        StartedAt = Now.AddHours(-1),
        Elapsed = TimeSpan.FromHours(1),
        CpuMillis = 2000,
        MemoryBytes = 1L << 30,
        Overhead = TimeSpan.FromHours(2),
        OverheadByteSeconds = 3600L << 30,
        Cpu = new WorkerCpu(TimeSpan.FromHours(2), TimeSpan.FromHours(1), TimeSpan.Zero),
    };

    private static readonly (string What, Func<WorkerMeter, WorkerMeter> Change, string Reason)[] Faults =
    [
        ("time that goes back", m => m with { Elapsed = TimeSpan.FromTicks(-1) }, "elapsed"),
        ("time that has not come", m => m with { Elapsed = TimeSpan.FromHours(2) + TimeSpan.FromTicks(1) }, "elapsed"),
        ("all of time", m => m with { Elapsed = TimeSpan.MaxValue, StartedAt = DateTimeOffset.UnixEpoch }, "elapsed"),
        ("processors", m => m with { CpuMillis = 1_024_001 }, "cpuMillis 1024001 must be between 0 and 1024000"),
        ("processors below zero", m => m with { CpuMillis = -1, Overhead = TimeSpan.Zero }, "cpuMillis -1"),
        ("memory", m => m with { MemoryBytes = long.MaxValue }, "memoryBytes"),
        ("overhead of more than it has", m => m with { Overhead = TimeSpan.FromHours(2.2) }, "overhead"),
        ("overhead below zero", m => m with { Overhead = TimeSpan.MinValue }, "overhead"),
        ("memory held by nobody", m => m with { OverheadByteSeconds = long.MaxValue }, "overheadByteSeconds"),
        ("a cgroup of more than it has", m => m with { Cpu = new WorkerCpu(TimeSpan.MaxValue, TimeSpan.Zero, TimeSpan.Zero) }, "cpu.total"),
        ("bills below zero", m => m with { Cpu = new WorkerCpu(TimeSpan.Zero, TimeSpan.MinValue, TimeSpan.Zero) }, "cpu.billed"),
        ("slots below zero", m => m with { Cpu = new WorkerCpu(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.MinValue) }, "cpu.open"),
        ("a long lot", m => m with { Lot = new string('l', 254) }, "lot and incarnation"),
        ("a start that is no word", m => m with { Incarnation = "\u0007" }, "lot and incarnation"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Names => Faults.Select(f => new TheoryDataRow<string>(f.What));

    [Theory]
    [MemberData(nameof(Names))]
    public void Look_whatNoMachineHas_isNamedWithItsLimit(string what)
    {
        var (_, change, reason) = Faults.Single(f => f.What == what);
        new MeterCheck(new WorkerBounds()).Look(change(Sane), Now).ShouldNotBeNull().ShouldStartWith(reason);
    }

    [Fact]
    public void Look_whatCanBe_isTaken()
    {
        new MeterCheck(new WorkerBounds()).Look(Sane, Now).ShouldBeNull();
        new MeterCheck(new WorkerBounds()).Look(Sane with { Cpu = null, Lot = "lot-a", Elapsed = TimeSpan.FromHours(2) }, Now).ShouldBeNull();
    }
}
