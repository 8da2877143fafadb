namespace Sandcastle.Manager.Ledger.Books;

/// <summary>What was had of one lot or worker, and where it went; reserved = used + overhead + idle, in both goods.</summary>
public sealed record SourceBalance
{
    /// <summary><c>lot/NAME</c> or <c>worker/NAME</c>.</summary>
    public required string Source { get; init; }

    public required (Int128 CpuMicros, Int128 ByteSeconds) Reserved { get; init; }

    public required (Int128 CpuMicros, Int128 ByteSeconds) Used { get; init; }

    public required (Int128 CpuMicros, Int128 ByteSeconds) Overhead { get; init; }

    /// <summary>The balance of its account. Negative while a run is booked already and the capacity it ran in is not, or where that was never read.</summary>
    public required (Int128 CpuMicros, Int128 ByteSeconds) Idle { get; init; }

    /// <summary>Neither good is missing, and none is there twice.</summary>
    internal bool Balances =>
        Reserved.CpuMicros == Used.CpuMicros + Overhead.CpuMicros + Idle.CpuMicros
        && Reserved.ByteSeconds == Used.ByteSeconds + Overhead.ByteSeconds + Idle.ByteSeconds;
}
