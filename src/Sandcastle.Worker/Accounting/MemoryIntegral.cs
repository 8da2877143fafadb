using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Accounting;

/// <summary>Byte-seconds by the trapezoid rule over the samples given. One writer at a time.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct MemoryIntegral
{
    private long _timestamp;
    private long _bytes;

    internal double ByteSeconds { get; private set; }

    /// <param name="timestamp">In units of <see cref="Stopwatch"/>; not before that of the last sample.</param>
    /// <param name="bytes">Memory in use at that moment.</param>
    internal void Add(long timestamp, long bytes)
    {
        if (_timestamp != 0)
        {
            ByteSeconds += (_bytes + (double)bytes) / 2 * (timestamp - _timestamp) / Stopwatch.Frequency;
        }

        (_timestamp, _bytes) = (timestamp, bytes);
    }
}
