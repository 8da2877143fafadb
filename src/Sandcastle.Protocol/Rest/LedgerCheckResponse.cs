namespace Sandcastle.Protocol.Rest;

/// <summary>One thing that the books promise.</summary>
/// <param name="Promise">In words.</param>
/// <param name="Broken">How often it does not hold.</param>
/// <param name="Examples">A few of those, each with its figures.</param>
public sealed record LedgerCheckResponse(string Promise, long Broken, IReadOnlyList<string> Examples);
