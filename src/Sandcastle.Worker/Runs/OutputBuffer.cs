using System.Buffers;

namespace Sandcastle.Worker.Runs;

/// <summary>What is kept of one output: the beginning, up to its limit. One writer at a time.</summary>
internal sealed class OutputBuffer(long limitBytes)
{
    private readonly ArrayBufferWriter<byte> _kept = new();

    /// <summary>Everything that was written, kept or not.</summary>
    internal long TotalBytes { get; private set; }

    internal bool IsTruncated => TotalBytes > limitBytes;

    internal ReadOnlyMemory<byte> Kept => _kept.WrittenMemory;

    /// <returns>The part that was kept.</returns>
    internal ReadOnlySpan<byte> Add(ReadOnlySpan<byte> bytes)
    {
        var kept = bytes[..(int)Math.Clamp(limitBytes - TotalBytes, 0, bytes.Length)];
        TotalBytes += bytes.Length;
        if (!kept.IsEmpty)
        {
            _kept.Write(kept);
        }

        return kept;
    }
}
