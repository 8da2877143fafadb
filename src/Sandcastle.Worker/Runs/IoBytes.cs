namespace Sandcastle.Worker.Runs;

/// <summary>
/// Bytes that a program read or wrote, by the kernel's count of what its calls returned. That count costs nothing to raise: /dev/null takes 2 GiB in one call without
/// looking at them, so a program could make it more than any sum of receipts holds. It is a lower bound, and stays one where it is cut.
/// </summary>
internal static class IoBytes
{
    /// <summary>Faster than any memory is copied. A manager takes no more for true.</summary>
    internal const long MostPerSecond = 64L << 30;

    /// <param name="before">When the slot became ready.</param>
    /// <param name="after">At the end; less than before where nobody told.</param>
    /// <param name="wall">In between.</param>
    internal static long Between(ulong before, ulong after, TimeSpan wall)
    {
        var most = (ulong)(MostPerSecond * Math.Max(0, wall.TotalSeconds));
        return after <= before ? 0 : (long)Math.Min(after - before, most);
    }
}
