namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>CPUs as the kernel takes them.</summary>
internal static class CpuQuota
{
    internal const long PeriodMicros = 100_000;

    /// <summary>The least quota that the kernel accepts is 1 ms.</summary>
    internal static long Micros(double cpus) => Math.Max(1_000, (long)Math.Round(cpus * PeriodMicros));
}
