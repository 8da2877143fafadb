namespace Sandcastle.Manager.Ledger.Usage;

/// <summary>What was had of one kind: reserved (<c>lot</c>, <c>worker</c>), <c>overhead</c> or <c>leased</c>.</summary>
internal sealed record HoldingSum
{
    public string Kind { get; init; } = "";

    public string? Name { get; init; }

    public long? Moment { get; init; }

    public long CpuMicros { get; init; }

    public long ByteSecondsHigh { get; init; }

    public long ByteSecondsLow { get; init; }

    public Int128 ByteSeconds => WideAmount.Of(ByteSecondsHigh, ByteSecondsLow);
}
