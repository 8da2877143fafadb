using Sandcastle.Worker.Accounting;

namespace Sandcastle.Worker.Tests.Accounting;

public sealed class WorkerCapacityTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sandcastle-capacity-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Read_withoutLimits_isTheMachine()
    {
        Put("cgroup", "0::/a/b\n");
        Put("a/b/cpu.max", "max 100000\n");
        Put("a/memory.max", "max\n");
        Read().ShouldBe(new WorkerCapacity(4000, 8L << 30));
    }

    [Fact]
    public void Read_limitOfACgroupAbove_counts()
    {
        Put("cgroup", "0::/a/b\n");
        Put("a/cpu.max", "150000 100000\n");
        Put("a/b/cpu.max", "300000 100000\n");
        Put("a/b/memory.max", "1073741824\n");
        Read().ShouldBe(new WorkerCapacity(1500, 1L << 30));
    }

    [Fact]
    public void Read_hierarchiesOfTheirOwn_count()
    {
        Put("cgroup", "5:memory:/pod\n4:cpu,cpuacct:/pod\n0::/x\n");
        Put("memory/pod/memory.limit_in_bytes", "2147483648\n");
        Put("cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
        Put("cpu,cpuacct/pod/cpu.cfs_quota_us", "50000\n");
        Put("cpu,cpuacct/pod/cpu.cfs_period_us", "100000\n");
        Read().ShouldBe(new WorkerCapacity(500, 2L << 30));
    }

    [Fact]
    public void Read_thisMachine_hasSome()
    {
        var here = WorkerCapacity.Read();
        here.CpuMillis.ShouldBeInRange(1, Environment.ProcessorCount * 1000);
        here.MemoryBytes.ShouldBeGreaterThan(1 << 20);
    }

    private WorkerCapacity Read()
    {
        Put("meminfo", "MemTotal:        8388608 kB\nMemFree:  1 kB\n");
        return WorkerCapacity.Read(_directory, Path.Combine(_directory, "cgroup"), Path.Combine(_directory, "meminfo"), processors: 4);
    }

    private void Put(string path, string text)
    {
        var whole = Path.Combine(_directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        File.WriteAllText(whole, text);
    }
}
