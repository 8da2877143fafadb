using System.Globalization;
using Sandcastle.Linux.Processes;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>The jail's processes of this test program, told apart by what they are in the process tree.</summary>
internal static class ProcessTree
{
    /// <param name="Pid">As we see it.</param>
    /// <param name="Parent">As we see it.</param>
    /// <param name="Command">Its arguments, separated by blanks.</param>
    /// <param name="Pids">Its pid in each namespace, outermost first.</param>
    internal sealed record Entry(int Pid, int Parent, string Command, IReadOnlyList<int> Pids)
    {
        internal bool IsBroker => Command.Contains("sandcastle-jail broker ");

        internal bool IsKeep => Pids.Count == 2 && Pids[^1] == 1;

        internal bool IsZygote => Pids.Count == 2 && Command.Contains("/zygote.py");

        internal bool IsSlotInit => Pids.Count == 3 && Pids[^1] == 1;

        internal void Kill() => ProcessTree.Kill(Pid);
    }

    internal static void Kill(int pid) => OwnProcess.Kill(pid, Signal.SIGKILL);

    /// <summary>Everything that descends from this process, or did before its parent died.</summary>
    internal static IReadOnlyList<Entry> Read(string marker)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(d => Path.GetFileName(d))
            .Where(name => name.All(char.IsAsciiDigit))
            .Select(Describe).OfType<Entry>().ToDictionary(e => e.Pid);
        return [.. all.Values.Where(e => IsOurs(e, all, marker))];
    }

    /// <summary>A broker names the stage in its arguments; everything else of a worker hangs below one, or below its keep.</summary>
    private static bool IsOurs(Entry entry, Dictionary<int, Entry> all, string marker)
    {
        for (var at = entry; ; at = all[at.Parent])
        {
            if (at.IsBroker)
            {
                return at.Command.Contains(marker);
            }

            if (!all.ContainsKey(at.Parent))
            {
                return false;
            }
        }
    }

    private static Entry? Describe(string pid)
    {
        try
        {
            var status = File.ReadAllLines($"/proc/{pid}/status");
            var command = File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
            return new Entry(Number(pid), Numbers(status, "PPid:")[0], command, Numbers(status, "NSpid:"));
        }
        catch (IOException)
        {
            return null; // ended while we looked
        }
    }

    private static List<int> Numbers(string[] status, string name) =>
        [.. status.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..]
            .Split('\t', StringSplitOptions.RemoveEmptyEntries).Select(Number)];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
