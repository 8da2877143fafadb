using System.Runtime.InteropServices;

namespace Sandcastle.Protocol.Runs;

/// <summary>How far somebody has read an <see cref="OutputTape"/>; the default is its beginning.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct OutputPosition
{
    internal int Mark { get; init; }

    /// <summary>Bytes of the mark.</summary>
    internal int Read { get; init; }

    internal int Block { get; init; }

    /// <summary>Bytes of the block.</summary>
    internal int Offset { get; init; }
}
