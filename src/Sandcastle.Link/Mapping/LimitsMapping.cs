using Sandcastle.Protocol.Limits;

namespace Sandcastle.Link.Mapping;

/// <summary><see cref="RunLimits"/> on the wire; times in whole microseconds.</summary>
public static class LimitsMapping
{
    public static V1.Limits ToWire(this RunLimits limits) => new()
    {
        TimeoutMicros = WireTime.Micros(limits.Timeout),
        Cpus = limits.Cpus,
        MemoryBytes = limits.MemoryBytes,
        Pids = limits.Pids,
        DiskBytes = limits.DiskBytes,
        DiskInodes = limits.DiskInodes,
        OutputBytes = limits.OutputBytes,
        OpenFiles = limits.OpenFiles,
    };

    /// <exception cref="FormatException">There are none.</exception>
    public static RunLimits FromWire(this V1.Limits? limits) => limits is null ? throw new FormatException("the limits are missing") : new RunLimits
    {
        Timeout = WireTime.Span(limits.TimeoutMicros),
        Cpus = limits.Cpus,
        MemoryBytes = limits.MemoryBytes,
        Pids = limits.Pids,
        DiskBytes = limits.DiskBytes,
        DiskInodes = limits.DiskInodes,
        OutputBytes = limits.OutputBytes,
        OpenFiles = limits.OpenFiles,
    };
}
