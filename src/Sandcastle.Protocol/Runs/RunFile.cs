namespace Sandcastle.Protocol.Runs;

/// <summary>A file going in or coming out of a run.</summary>
/// <param name="Path">Relative to <c>/home/user</c>, with <c>/</c> between parts.</param>
/// <param name="Content">Its bytes.</param>
public sealed record RunFile(string Path, ReadOnlyMemory<byte> Content);
