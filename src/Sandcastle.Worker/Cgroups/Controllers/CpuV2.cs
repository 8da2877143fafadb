namespace Sandcastle.Worker.Cgroups.Controllers;

internal sealed class CpuV2(CgroupDirectory directory) : ICpuController
{
    public void Yield(bool yields) => directory.TryWrite("cpu.idle"u8, yields ? 1 : 0);

    /// <remarks>A quota without a period keeps the period, which is 100 ms in a new cgroup.</remarks>
    public void Limit(double cpus) => directory.Write("cpu.max"u8, CpuQuota.Micros(cpus));
}
