using System.Globalization;

namespace Sandcastle.Faults.Servers;

/// <summary>The processes of this machine as <c>/proc</c> shows them.</summary>
public static class Processes
{
    public static IReadOnlyList<ProcessEntry> Read() =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).OfType<string>().Where(name => name.All(char.IsAsciiDigit))
            .Select(name => Describe(int.Parse(name, CultureInfo.InvariantCulture))).OfType<ProcessEntry>()];

    /// <summary>Null when it has ended.</summary>
    public static ProcessEntry? Describe(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var status = File.ReadAllLines($"/proc/{pid}/status");
            return new ProcessEntry
            {
                Pid = pid,
                Parent = int.Parse(Field(status, "PPid:"), CultureInfo.InvariantCulture),
                Pids = [.. Field(status, "NSpid:").Split('\t').Select(p => int.Parse(p, CultureInfo.InvariantCulture))],
                Blocked = ulong.Parse(Field(status, "SigBlk:"), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                IsZombie = Field(status, "State:").StartsWith('Z'),
                Arguments = File.ReadAllText($"/proc/{pid}/cmdline").TrimEnd('\0').Split('\0'),
                StartedAt = long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture),
                Cgroups = File.ReadAllText($"/proc/{pid}/cgroup"),
            };
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Field(string[] status, string name) =>
        status.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
}
