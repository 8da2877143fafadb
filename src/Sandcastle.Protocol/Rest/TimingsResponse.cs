namespace Sandcastle.Protocol.Rest;

/// <summary>Milliseconds, with fractions; see <see cref="Runs.RunTimings"/>.</summary>
public sealed record TimingsResponse(double QueuedMs, double StartedMs, double RanMs, double TotalMs);
