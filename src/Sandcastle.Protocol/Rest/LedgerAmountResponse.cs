namespace Sandcastle.Protocol.Rest;

/// <summary>An amount of both goods, exactly: whole numbers as text, since JSON's readers make floating point of numbers this large.</summary>
/// <param name="CpuMicros">Of CPU.</param>
/// <param name="ByteSeconds">Of memory.</param>
public sealed record LedgerAmountResponse(string CpuMicros, string ByteSeconds);
