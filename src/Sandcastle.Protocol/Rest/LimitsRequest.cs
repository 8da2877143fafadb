namespace Sandcastle.Protocol.Rest;

/// <summary>Limits asked for by a request; what is absent is the template's default.</summary>
public sealed record LimitsRequest
{
    /// <summary>Wall time in milliseconds, from 1.</summary>
    public long? TimeoutMs { get; init; }

    /// <summary>Memory in MiB, from 8.</summary>
    public long? MemoryMiB { get; init; }

    /// <summary>CPUs as a rate, from 0.01: 0.5 is half of one core.</summary>
    public double? Cpus { get; init; }

    /// <summary>Processes and threads, from 2.</summary>
    public long? Pids { get; init; }

    /// <summary>Disk space in MiB, from 1.</summary>
    public long? DiskMiB { get; init; }

    /// <summary>Files and directories, from 64.</summary>
    public long? DiskInodes { get; init; }

    /// <summary>What is kept of stdout, and of stderr, in KiB, from 1.</summary>
    public long? OutputKiB { get; init; }

    /// <summary>Open files of one process, from 16.</summary>
    public long? OpenFiles { get; init; }
}
