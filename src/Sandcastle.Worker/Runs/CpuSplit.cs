using Sandcastle.Worker.Cgroups;

namespace Sandcastle.Worker.Runs;

/// <summary>
/// User and system time from ticks, fitted to the exact total: the kernel's two figures need not add up to it, and a short program often has
/// neither.
/// </summary>
internal static class CpuSplit
{
    internal static (long UserMicros, long SystemMicros) Scale(CpuReading cpu)
    {
        var total = ReceiptWriter.Micros(cpu.Total);
        var sampled = cpu.User + cpu.System;
        var user = sampled > TimeSpan.Zero ? (long)(total * (cpu.User / sampled)) : total;
        return (user, total - user);
    }
}
