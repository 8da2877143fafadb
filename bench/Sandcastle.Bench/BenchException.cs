namespace Sandcastle.Bench;

/// <summary>A measure failed: a server that does not start, a program that prints something else than it must.</summary>
internal sealed class BenchException(string message) : Exception(message);
