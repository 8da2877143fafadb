using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Link.Tests.Fakes;

/// <summary>Messages in which no field has its default.</summary>
internal static class Samples
{
    public static RunLimits Limits { get; } = new()
    {
        Timeout = TimeSpan.FromMicroseconds(1_234_567),
        Cpus = 1.25,
        MemoryBytes = 3L << 30,
        Pids = 17,
        DiskBytes = 5L << 30,
        DiskInodes = 4321,
        OutputBytes = 77,
        OpenFiles = 99,
    };

    public static RunOrder Order(string template = "python") => new()
    {
        Id = RunId.New(),
        Tenant = "tenant-a",
        Template = template,
        Code = "print('ü')"u8.ToArray(),
        Args = ["", "a b"],
        Stdin = new byte[] { 0, 255, 1 },
        Env = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "1", ["B"] = "" },
        Files = [new RunFile("a/b.txt", new byte[] { 0, 1 }), new RunFile("empty", default)],
        Collect = ["out/*", "**"],
        Limits = Limits,
        RequireKeep = "nsjail",
        AcceptedTimestamp = TimeProvider.System.GetTimestamp(),
    };

    public static Receipt Receipt(RunOrder order, Outcome outcome = Outcome.Failed, string worker = "worker-a") => new()
    {
        Run = order.Id,
        Tenant = order.Tenant,
        Template = order.Template,
        Profile = "fork",
        Keep = "nsjail",
        Worker = worker,
        StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(1_790_000_000).AddMicroseconds(123_456),
        Outcome = outcome,
        ExitCode = 3,
        Signal = 9,
        CpuMicros = 1,
        CpuUserMicros = 2,
        CpuSystemMicros = 3,
        RusageCpuMicros = 4,
        WallMicros = 5,
        PeakMemoryBytes = 6,
        MemoryByteSeconds = 7.5,
        IoReadBytes = 8,
        IoWriteBytes = 9,
        OutputBytes = 10,
        Limits = order.Limits,
        Unenforced = ["cpu"],
        Sources = new Dictionary<string, FigureSource>(StringComparer.Ordinal) { ["cpu"] = new("cpuacct.usage", FigureKind.Exact) },
    };

    public static RunReport Report(RunOrder order, Outcome outcome = Outcome.Failed, string worker = "worker-a") => new()
    {
        Outcome = outcome,
        ExitCode = 3,
        Signal = 9,
        Stdout = "out"u8.ToArray(),
        Stderr = "err"u8.ToArray(),
        StdoutTruncated = true,
        StderrTruncated = true,
        Files = [new RunFile("out/a", new byte[] { 7 })],
        CollectErrors = ["out/b: gone"],
        Timings = new RunTimings(TimeSpan.FromMicroseconds(1), TimeSpan.FromMicroseconds(2), TimeSpan.FromMicroseconds(3), TimeSpan.FromMicroseconds(4)),
        Receipt = Receipt(order, outcome, worker),
    };

    public static TemplateStatus Template(string name = "python", int ready = 4, string? reason = null) => new()
    {
        Name = name,
        Description = $"the {name} template",
        Language = "python",
        Profile = "fork",
        Keep = "nsjail",
        UnavailableReason = reason,
        Defaults = Limits,
        Maximums = RunLimits.Maximum,
        SlotsWanted = 8,
        SlotsReady = ready,
        SlotsBusy = 2,
    };
}
