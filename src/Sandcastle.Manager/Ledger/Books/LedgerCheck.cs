namespace Sandcastle.Manager.Ledger.Books;

/// <summary>One thing that the books promise, and where they break it.</summary>
/// <param name="Promise">In words.</param>
/// <param name="Broken">How often it does not hold; 0 when it is proven.</param>
/// <param name="Examples">A few of those, each with its figures.</param>
public sealed record LedgerCheck(string Promise, long Broken, IReadOnlyList<string> Examples);
