namespace Sandcastle.Bench;

/// <summary>What a measure needs is not on this machine: it is skipped, visibly.</summary>
internal sealed class UnavailableException(string message) : Exception(message);
