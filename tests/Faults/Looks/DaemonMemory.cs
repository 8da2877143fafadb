using System.Globalization;
using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.Faults.Looks;

/// <summary>Resident memory of the daemon's process, as <c>/proc/PID/status</c> has it.</summary>
/// <param name="RssBytes">All of it (VmRSS).</param>
/// <param name="AnonymousBytes">What belongs to no file (RssAnon): heap, stacks, compiled code.</param>
public sealed record DaemonMemory(long RssBytes, long AnonymousBytes)
{
    public static DaemonMemory Of(Daemon daemon)
    {
        var status = File.ReadAllLines($"/proc/{daemon.Process.Id}/status");
        return new DaemonMemory(Bytes(status, "VmRSS:"), Bytes(status, "RssAnon:"));
    }

    public override string ToString() => $"{RssBytes / 1048576.0:0.0} MiB resident, {AnonymousBytes / 1048576.0:0.0} MiB of it anonymous";

    private static long Bytes(string[] status, string name) => 1024 * long.Parse(
        status.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1],
        CultureInfo.InvariantCulture);
}
