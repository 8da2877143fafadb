namespace Sandcastle.Link.Mapping;

/// <summary>Times travel as whole microseconds.</summary>
internal static class WireTime
{
    /// <summary>Of the last year that a calendar here knows.</summary>
    internal static readonly long LastMicros = Micros(DateTimeOffset.MaxValue);

    internal static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    internal static TimeSpan Span(long micros) => new(micros * TimeSpan.TicksPerMicrosecond);

    internal static long Micros(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    internal static DateTimeOffset Time(long micros) => DateTimeOffset.UnixEpoch + Span(micros);
}
