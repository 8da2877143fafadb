namespace Sandcastle.Testing.ApiServer.Requests;

/// <summary>One request in the log.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="At">When it came.</param>
/// <param name="Status">The HTTP status; 0 while it is being answered and for one that was cut off.</param>
public sealed record RequestRecord(ApiRequest Request, DateTimeOffset At, int Status);
