namespace Sandcastle.Manager.Ledger;

/// <summary>The store does not answer, or does not let us in. The message says which store, and why; it holds no password.</summary>
public sealed class LedgerUnavailableException(string message, Exception? inner = null) : InvalidOperationException(message, inner);
