namespace Sandcastle.Manager.Runs;

/// <summary>What an <see cref="OutputChunk"/> is.</summary>
public enum OutputKind
{
    /// <summary>The program has its job; no bytes.</summary>
    Started,
    Stdout,
    Stderr,
}
