namespace Sandcastle.Protocol.Rest;

/// <summary>Limits asked for by a request; what is absent is the template's default.</summary>
public sealed record LimitsRequest
{
    public long? TimeoutMs { get; init; }

    public long? MemoryMiB { get; init; }

    public double? Cpus { get; init; }

    public long? Pids { get; init; }

    public long? DiskMiB { get; init; }

    public long? DiskInodes { get; init; }

    public long? OutputKiB { get; init; }

    public long? OpenFiles { get; init; }
}
