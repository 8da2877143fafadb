namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>The CFS bandwidth of one cgroup, over periods of 100 ms, the kernel's default.</summary>
internal interface ICpuController
{
    void Limit(double cpus);
}
