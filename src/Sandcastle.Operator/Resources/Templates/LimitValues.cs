using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Sandcastle.Operator.Resources.Templates;

/// <summary>The limits of a run, in the names and units of a request; what is absent is the worker's own.</summary>
public sealed record LimitValues
{
    [Description("Wall-clock time, in milliseconds.")]
    [Range(1L, 1L << 40)]
    public long? TimeoutMs { get; init; }

    [Description("Processors.")]
    [Range(0.01, 4096)]
    public double? Cpus { get; init; }

    [Description("Memory and disk together, in MiB.")]
    [Range(1L, 1L << 20)]
    public long? MemoryMiB { get; init; }

    [Description("Processes.")]
    [Range(2L, 1L << 22)]
    public long? Pids { get; init; }

    [Description("Bytes on the slot's disk, in MiB.")]
    [Range(1L, 1L << 20)]
    public long? DiskMiB { get; init; }

    [Description("Files on the slot's disk.")]
    [Range(64L, int.MaxValue)]
    public long? DiskInodes { get; init; }

    [Description("Output, in KiB.")]
    [Range(1L, 1L << 30)]
    public long? OutputKiB { get; init; }

    [Description("Open descriptors.")]
    [Range(16L, 1L << 20)]
    public long? OpenFiles { get; init; }
}
