namespace Sandcastle.Link.Mapping;

/// <summary>Times travel as whole microseconds.</summary>
internal static class WireTime
{
    /// <summary>Of the last year that a calendar here knows.</summary>
    internal static readonly long LastMicros = Micros(DateTimeOffset.MaxValue);

    private const long MostMicros = long.MaxValue / TimeSpan.TicksPerMicrosecond;

    internal static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>What is longer than any time here stays that: it does not become a short one, or one that goes back.</summary>
    internal static TimeSpan Span(long micros) => new(Math.Clamp(micros, MostMicros * -1, MostMicros) * TimeSpan.TicksPerMicrosecond);

    internal static long Micros(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Within the calendar, whatever is said.</summary>
    internal static DateTimeOffset Time(long micros) => DateTimeOffset.UnixEpoch + Span(Math.Clamp(micros, 0, LastMicros));
}
