namespace Sandcastle.Manager.Runs;

/// <summary>A piece of a run's output, as the worker handed it over.</summary>
public readonly record struct OutputChunk(OutputKind Kind, ReadOnlyMemory<byte> Bytes);
