namespace Sandcastle.Operator.Retail;

/// <summary>The unit of a lease: a twentieth of a common worker's CPU and memory, in resources that Kueue counts whole and no node has.</summary>
internal static class Credit
{
    internal const long CpuMillis = 100;
    internal const long MemoryMib = 256;

    internal const string CpuResource = "sandcastle.dev/millicpu";
    internal const string MemoryResource = "sandcastle.dev/memory-mib";

    /// <summary>The most that a lease has: the API server's bound of a pod set's count is far above.</summary>
    internal const int Most = 1_000_000;

    /// <summary>The least number of credits that holds both.</summary>
    internal static int For(double cpuMillis, double memoryMib) =>
        (int)Math.Min(Most, Math.Max(Math.Ceiling(cpuMillis / CpuMillis), Math.Ceiling(memoryMib / MemoryMib)));
}
