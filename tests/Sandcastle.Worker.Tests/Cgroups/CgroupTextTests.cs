using Sandcastle.Worker.Cgroups.Controllers;

namespace Sandcastle.Worker.Tests.Cgroups;

public sealed class CgroupTextTests
{
    [Fact]
    public void TryFind_takes_whole_keys_only()
    {
        var events = "low 0\nmax 7\noom 3\noom_kill 2\noom_group_kill 0\n"u8;
        CgroupText.TryFind(events, "oom_kill "u8, out var kills).ShouldBeTrue();
        kills.ShouldBe(2);
        CgroupText.TryFind(events, "oom "u8, out var oom).ShouldBeTrue();
        oom.ShouldBe(3);
        CgroupText.TryFind(events, "kill "u8, out _).ShouldBeFalse();
        CgroupText.TryFind(""u8, "oom "u8, out _).ShouldBeFalse();
    }

    [Fact]
    public void Number_reads_what_the_kernel_prints()
    {
        CgroupText.Number("9223372036854771712\n"u8).ShouldBe(9223372036854771712);
        CgroupText.Number("max\n"u8).ShouldBe(long.MaxValue);
        Should.Throw<InvalidDataException>(() => CgroupText.Number("\n"u8));
    }

    [Theory]
    [InlineData(1.0, 100_000)]
    [InlineData(0.25, 25_000)]
    [InlineData(4, 400_000)]
    [InlineData(0.0001, 1_000)]
    public void Quota_is_of_a_tenth_of_a_second(double cpus, long micros) => CpuQuota.Micros(cpus).ShouldBe(micros);
}
