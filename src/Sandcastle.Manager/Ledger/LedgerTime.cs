namespace Sandcastle.Manager.Ledger;

/// <summary>Time as the ledger holds it: microseconds since 1970, UTC.</summary>
internal static class LedgerTime
{
    public static long ToMicros(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicros(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}
