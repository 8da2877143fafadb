namespace Sandcastle.Operator.Tokens;

/// <summary>What the API server says of a token.</summary>
/// <param name="Namespace">Of the ServiceAccount whose it is; null when it is not accepted.</param>
/// <param name="ServiceAccount">Its name; null when it is not accepted.</param>
/// <param name="Reason">Why it is not, as half a sentence; null when it is.</param>
public sealed record TokenVerdict(string? Namespace, string? ServiceAccount, string? Reason);
