namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>CPU time of one cgroup.</summary>
internal interface ICpuMeter : IDisposable
{
    CpuReading Read();
}
