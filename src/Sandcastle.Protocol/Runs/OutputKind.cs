namespace Sandcastle.Protocol.Runs;

/// <summary>What an <see cref="OutputChunk"/> is.</summary>
public enum OutputKind
{
    /// <summary>The run waits; its place in the line is <see cref="OutputChunk.Place"/>, no bytes.</summary>
    Queued,

    /// <summary>The program has its job; no bytes.</summary>
    Started,
    Stdout,
    Stderr,
}
