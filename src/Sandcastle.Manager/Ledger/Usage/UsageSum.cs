using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Ledger;

/// <summary>One row of the usage query.</summary>
internal sealed record UsageSum
{
    public string Template { get; init; } = "";

    public string Outcome { get; init; } = "";

    public long Runs { get; init; }

    public long CpuMicros { get; init; }

    public double MemoryByteSeconds { get; init; }

    public long WallMicros { get; init; }

    public long IoReadBytes { get; init; }

    public long IoWriteBytes { get; init; }

    public long OutputBytes { get; init; }

    public UsageRow ToRow() => new()
    {
        Template = Template,
        Outcome = WireNames<Protocol.Runs.Outcome>.Parse(Outcome),
        Runs = Runs,
        CpuMicros = CpuMicros,
        MemoryByteSeconds = MemoryByteSeconds,
        WallMicros = WallMicros,
        IoReadBytes = IoReadBytes,
        IoWriteBytes = IoWriteBytes,
        OutputBytes = OutputBytes,
    };
}
