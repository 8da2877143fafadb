namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>The CFS bandwidth of one cgroup, over periods of 100 ms, the kernel's default.</summary>
internal interface ICpuController
{
    void Limit(double cpus);

    /// <summary>
    /// Whether it runs only where nobody else wants to (cpu.idle, since Linux 5.15; without it nothing changes). What then becomes
    /// runnable elsewhere takes the CPU from it at once, which no weight does.
    /// </summary>
    void Yield(bool yields);
}
