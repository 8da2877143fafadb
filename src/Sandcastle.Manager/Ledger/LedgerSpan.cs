namespace Sandcastle.Manager.Ledger;

/// <summary>A length that sums are kept in: a minute, an hour or a day, all in UTC.</summary>
/// <param name="Seconds">As in the tables.</param>
internal readonly record struct LedgerSpan(long Seconds)
{
    public static readonly LedgerSpan Minute = new(60);

    public static readonly LedgerSpan Hour = new(3600);

    public static readonly LedgerSpan Day = new(86_400);

    public long Micros => Seconds * 1_000_000;

    /// <summary>The start of the span that holds this moment, which is not before 1970.</summary>
    public long Floor(long micros) => micros - (micros % Micros);

    public long Ceiling(long micros) => Floor(micros + Micros - 1);

    public override string ToString() => Seconds switch { 60 => "minute", 3600 => "hour", _ => "day" };
}
