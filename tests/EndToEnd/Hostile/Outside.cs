using System.Diagnostics;
using System.Globalization;
using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.EndToEnd.Hostile;

/// <summary>What of a daemon can be seen from outside: its processes, mounts, cgroups and files. Equal before and after, nothing was left.</summary>
public sealed record Outside(int Processes, int Mounts, int Cgroups, string Files)
{
    /// <summary>What is still not gone after so long stays.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Taken when the daemon has settled: ready slots are the same in number, whichever they are.</summary>
    public static async Task<Outside> LookAsync(Daemon daemon, CancellationToken cancellationToken)
    {
        // Destroying a slot goes on behind the answer: the picture counts once it stands still.
        Outside? before = null;
        while (true)
        {
            await daemon.SettleAsync(cancellationToken);
            var now = new Outside(Descendants(daemon.Process.Id).Count, Lines("/proc/mounts"), CountCgroups(daemon), ListFiles());
            if (now == before)
            {
                return now;
            }

            before = now;
            await Task.Delay(200, cancellationToken);
        }
    }

    /// <summary>
    /// Looks until it is as it was, and after a while takes what it sees: on a busy machine what has to go can stand still for longer than
    /// from one look to the next.
    /// </summary>
    public static async Task<Outside> LookAgainAsync(Daemon daemon, Outside before, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var now = await LookAsync(daemon, cancellationToken);
            if (now == before || Stopwatch.GetElapsedTime(began) > Patience)
            {
                return now;
            }
        }
    }

    /// <summary>All processes below one, by its pid.</summary>
    public static IReadOnlyList<(int Pid, string CommandLine)> Descendants(int root)
    {
        var parents = new Dictionary<int, (int Parent, string CommandLine)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                continue;
            }

            try
            {
                var status = File.ReadAllText(Path.Combine(directory, "stat"));
                var parent = int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
                parents[pid] = (parent, File.ReadAllText(Path.Combine(directory, "cmdline")).Replace('\0', ' ').Trim());
            }
            catch (IOException)
            {
                // Ended meanwhile.
            }
        }

        bool Below(int pid) => parents.TryGetValue(pid, out var entry) && (entry.Parent == root || Below(entry.Parent));
        return [.. parents.Where(p => Below(p.Key)).Select(p => (p.Key, p.Value.CommandLine))];
    }

    private static int Lines(string file) => File.ReadAllLines(file).Length;

    private static int CountCgroups(Daemon daemon) => CgroupDirectories.All()
        .Count(d => d.Contains(string.Create(CultureInfo.InvariantCulture, $"/sandcastle-{daemon.Process.Id}-"), StringComparison.Ordinal));

    /// <summary>
    /// Files anywhere that programs could have thought of, owned by an id that only slots have. Of root's home two levels of directories:
    /// what lies deeper are caches of packages, by the hundred thousand.
    /// </summary>
    public static string ListFiles()
    {
        using var find = Process.Start(new ProcessStartInfo(
            "find", ["/tmp", "/var/tmp", "/dev/shm", "/run", "/home", "/root", "/etc", "/opt", "/srv", "-xdev", "-uid", "+1879048191", "-print", "-o", "-path", "/root/*/*/*", "-prune"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true, // what vanishes while it looks
        })!;
        find.ErrorDataReceived += (_, _) => { };
        find.BeginErrorReadLine();
        return find.StandardOutput.ReadToEnd();
    }
}
