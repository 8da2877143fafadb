namespace Sandcastle.Protocol.Rest;

/// <summary>Where the time of a run went, in milliseconds with fractions, each from the moment the request was accepted, except <c>ranMs</c>.</summary>
public sealed record TimingsResponse(double QueuedMs, double StartedMs, double RanMs, double TotalMs);
