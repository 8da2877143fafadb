using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Ledger.Usage;

/// <summary>One row of the usage query; what was not asked by is null.</summary>
internal sealed record UsageSum
{
    public string? Tenant { get; init; }

    public string? Template { get; init; }

    public string? Outcome { get; init; }

    public string? SourceKind { get; init; }

    public string? Source { get; init; }

    /// <summary>Microseconds since 1970.</summary>
    public long? Moment { get; init; }

    public long Runs { get; init; }

    public long CpuMicros { get; init; }

    /// <summary>In units of 2^20.</summary>
    public long ByteSecondsHigh { get; init; }

    public long ByteSecondsLow { get; init; }

    public long WallMicros { get; init; }

    public long IoReadBytes { get; init; }

    public long IoWriteBytes { get; init; }

    public long OutputBytes { get; init; }

    public UsageRow ToRow() => new()
    {
        At = Moment is { } moment ? LedgerTime.FromMicros(moment) : null,
        Tenant = Tenant,
        Template = Template,
        Outcome = Outcome is null ? null : WireNames<Protocol.Runs.Outcome>.Parse(Outcome),
        Lot = SourceKind == AccountKinds.Lot ? Source : null,
        Worker = SourceKind == AccountKinds.Worker ? Source : null,
        Runs = Runs,
        CpuMicros = CpuMicros,
        MemoryByteSeconds = (double)WideAmount.Of(ByteSecondsHigh, ByteSecondsLow),
        WallMicros = WallMicros,
        IoReadBytes = IoReadBytes,
        IoWriteBytes = IoWriteBytes,
        OutputBytes = OutputBytes,
    };
}
