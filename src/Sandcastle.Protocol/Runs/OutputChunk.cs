namespace Sandcastle.Protocol.Runs;

/// <summary>A piece of a run's output, as the worker handed it over, or what became of the run meanwhile.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">Of stdout or stderr.</param>
/// <param name="Place">In the line, from 1, of a run that waits.</param>
public readonly record struct OutputChunk(OutputKind Kind, ReadOnlyMemory<byte> Bytes, int Place = 0);
