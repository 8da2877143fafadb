namespace Sandcastle.Worker.Cgroups.Controllers;

internal sealed class CpuV2(CgroupDirectory directory) : ICpuController
{
    /// <remarks>A quota without a period keeps the period, which is 100 ms in a new cgroup.</remarks>
    public void Limit(double cpus) => directory.Write("cpu.max"u8, CpuQuota.Micros(cpus));
}
