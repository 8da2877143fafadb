using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.EndToEnd.Hostile;

/// <summary>
/// What belongs to the whole machine and no program in a slot may change, by name: settings, clocks, devices, network interfaces, what
/// the kernel complains of. Beside <see cref="Outside"/>, which counts what a daemon has.
/// </summary>
internal sealed partial record HostState(IReadOnlyDictionary<string, string> Facts, TimeSpan ClockOffset)
{
    /// <summary>The system's clock may be slewed meanwhile, but not set.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

    private static readonly string[] Files =
    [
        "/proc/sys/kernel/hostname", "/proc/sys/kernel/domainname", "/proc/sys/kernel/core_pattern", "/proc/swaps", "/proc/net/route", "/proc/net/ipv6_route",
        "/sys/devices/system/cpu/online", "/sys/kernel/mm/ksm/run", "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/power/state", "/proc/cmdline",
        "/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/ld.so.cache", "/proc/sys/kernel/random/entropy_avail",
    ];

    /// <summary>Settings that the kernel itself moves.</summary>
    private static readonly string[] MovingSettings = ["/proc/sys/kernel/ns_last_pid", "/proc/sys/kernel/perf_event_max_sample_rate", "/proc/sys/vm/stat_refresh"];

    /// <summary>Taken beside <see cref="Outside"/>: the daemon has settled.</summary>
    internal static HostState Look(Daemon daemon)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Files.Concat(Settings()))
        {
            if (Read(file) is { } text)
            {
                facts[file] = text;
            }
        }

        facts["modules"] = Names("/proc/modules", ' ');
        facts["network interfaces"] = Names("/proc/net/dev", ':');
        facts["loop devices"] = string.Join(' ', Directory.EnumerateDirectories("/sys/block", "loop*").Where(d => Directory.Exists(d + "/loop")).Order(StringComparer.Ordinal));
        facts["network namespaces"] = NetworkNamespaces(daemon);
        facts["System V objects of slots"] = string.Join('\n', ((string[])["shm", "sem", "msg"]).SelectMany(SystemVOfSlots));
        return new HostState(facts, TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromMilliseconds(Environment.TickCount64));
    }

    /// <summary>Each fact that is different now, in words; empty when all is as it was.</summary>
    internal IReadOnlyList<string> Changes(HostState later)
    {
        var names = Facts.Keys.Union(later.Facts.Keys).Where(name => Facts.GetValueOrDefault(name) != later.Facts.GetValueOrDefault(name));
        var changes = names.Select(name => $"{name}: {Facts.GetValueOrDefault(name)} → {later.Facts.GetValueOrDefault(name)}").ToList();
        if ((later.ClockOffset - ClockOffset).Duration() > ClockTolerance)
        {
            changes.Add($"the clock was set by {later.ClockOffset - ClockOffset}");
        }

        return changes;
    }

    /// <summary>Lines of the kernel's log that mean that the kernel, or the whole machine, was hurt. A slot that is killed for its memory is none.</summary>
    internal static IReadOnlyList<string> Complaints(DateTimeOffset since)
    {
        if (!File.Exists("/usr/bin/dmesg"))
        {
            return [];
        }

        using var dmesg = Process.Start(new ProcessStartInfo("/usr/bin/dmesg", ["--since", since.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), "--time-format", "iso"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true, // it may be forbidden to read
            Environment = { ["TZ"] = "UTC" },
        })!;
        dmesg.ErrorDataReceived += (_, _) => { };
        dmesg.BeginErrorReadLine();
        return [.. dmesg.StandardOutput.ReadToEnd().Split('\n').Where(line => Complaint().IsMatch(line))];
    }

    /// <summary>Everything below /proc/sys that somebody could write, and read again.</summary>
    private static IEnumerable<string> Settings() =>
        Directory.EnumerateFiles("/proc/sys", "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None })
            .Where(file => !MovingSettings.Contains(file, StringComparer.Ordinal))
            .Where(file => File.GetUnixFileMode(file) is var mode && mode.HasFlag(UnixFileMode.UserWrite) && mode.HasFlag(UnixFileMode.UserRead));

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a setting that has no value yet, or a file that this machine does not have
        }
    }

    private static string Names(string file, char end) => !File.Exists(file)
        ? ""
        : string.Join(' ', File.ReadAllLines(file).Where(line => line.Contains(end)).Select(line => line.Split(end)[0].Trim()).Order(StringComparer.Ordinal));

    /// <summary>How many the daemon's processes have: the host's, a keep's each, a ready slot's each.</summary>
    private static string NetworkNamespaces(Daemon daemon) =>
        Outside.Descendants(daemon.Process.Id)
            .Select(process => new FileInfo($"/proc/{process.Pid}/ns/net").LinkTarget)
            .OfType<string>() // the others have ended meanwhile
            .Distinct(StringComparer.Ordinal)
            .Count()
            .ToString(CultureInfo.InvariantCulture);

    /// <summary>The column <c>uid</c> holds an id that only slots have.</summary>
    private static IEnumerable<string> SystemVOfSlots(string kind)
    {
        var lines = File.Exists($"/proc/sysvipc/{kind}") ? File.ReadAllLines($"/proc/sysvipc/{kind}") : [];
        var column = lines.Length == 0 ? -1 : Array.IndexOf(lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), "uid");
        return lines.Skip(1).Where(line =>
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is var words && uint.Parse(words[column], CultureInfo.InvariantCulture) > 1879048191);
    }

    [GeneratedRegex(
        "BUG:|WARNING:|Oops|general protection fault: 0|kernel panic|soft lockup|hard LOCKUP|blocked for more than|rcu.*detected stalls|(?<!cgroup )out of memory: Killed",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Complaint();
}
