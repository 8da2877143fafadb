using System.Text.RegularExpressions;
using Sandcastle.EndToEnd.Hostile;
using Sandcastle.Faults.Servers;

namespace Sandcastle.Faults.Looks;

/// <summary>What of a daemon, and of those before it, is on the machine. Everything is counted by what it is; equal pictures, no residue.</summary>
public sealed partial record Picture
{
    private static readonly string[] NamespaceTypes = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"];

    private static readonly string[] PassingThreads = [".NET TP Worker", ".NET TP Gate", ".NET TP Wait", ".NET Tiered Com", ".NET BGC"];

    /// <summary>In the stage: many files that are copies of the host's.</summary>
    private const string CopiedRoot = "root/";

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    /// <summary>By kind.</summary>
    public required string Processes { get; init; }

    /// <summary>Mounts in the host's own table that are in the stage or the data directory.</summary>
    public required int Mounts { get; init; }

    /// <summary>Directories in all hierarchies: the present daemon's.</summary>
    public required int Cgroups { get; init; }

    /// <summary>The same of daemons that are dead.</summary>
    public required int DeadCgroups { get; init; }

    /// <summary>Distinct ones of our processes, by type.</summary>
    public required string Namespaces { get; init; }

    /// <summary>In the stage and the data directory, numbers in names made alike; and elsewhere, owned by an id that only slots have.</summary>
    public required string Files { get; init; }

    /// <summary>Open in the daemon, by kind, without the files that its program consists of: .NET opens each when it first needs it.</summary>
    public required string Descriptors { get; init; }

    /// <summary>Of the daemon, by name, without those that .NET has for a while: the pool's, whose number follows the load, and the compiler's.</summary>
    public required string Threads { get; init; }

    /// <summary>Taken once the daemon has settled and two looks in a row see the same: tear-down goes on behind the answers.</summary>
    public static async Task<Picture> SettledAsync(Succession server, CancellationToken cancellationToken)
    {
        Picture? before = null;
        while (true)
        {
            await server.Current.SettleAsync(cancellationToken);
            var now = Take(server);
            if (now == before)
            {
                return now;
            }

            before = now;
            await Task.Delay(Glance, cancellationToken);
        }
    }

    /// <summary>Looks until the picture is as expected; after <paramref name="patience"/> what is seen then is returned.</summary>
    public static async Task<Picture> ReturnedAsync(Succession server, Picture expected, TimeSpan patience, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var now = await SettledAsync(server, cancellationToken);
            if (now == expected || TimeProvider.System.GetElapsedTime(start) > patience)
            {
                return now;
            }
        }
    }

    /// <summary>What is not the same in another picture.</summary>
    public string Difference(Picture other) => string.Join("; ", Parts.Zip(other.Parts)
        .Where(pair => pair.First.Value != pair.Second.Value).Select(pair => $"{pair.First.Name}: {pair.First.Value} → {pair.Second.Value}"));

    public override string ToString() => string.Join("\n", Parts.Select(part => $"  {part.Name}: {part.Value}"));

    public static Picture Take(Succession server)
    {
        var family = Family.Of(server);
        var daemon = server.Current.Process.Id;
        var instances = server.Instances;
        return new Picture
        {
            Processes = Count(family.Select(member => member.Kind.ToString())),
            Mounts = File.ReadLines("/proc/self/mounts").Count(line => line.Contains(server.Stage, StringComparison.Ordinal)
                || line.Contains(server.Current.DataDirectory, StringComparison.Ordinal)),
            Cgroups = Servers.Cgroups.Of([.. instances.TakeLast(1)]).Count,
            DeadCgroups = Servers.Cgroups.Of([.. instances.SkipLast(1)]).Count,
            Namespaces = string.Join(", ", NamespaceTypes.Select(type => $"{CountNamespaces(family, type)} {type}")),
            Files = Count(FilesBelow(server.Stage).Concat(FilesBelow(server.Current.DataDirectory))
                .Concat(Outside.ListFiles().Split('\n', StringSplitOptions.RemoveEmptyEntries))),
            Descriptors = Count(Links($"/proc/{daemon}/fd").Where(target => !IsOfProgram(target)).Select(target => Descriptor(target, server))),
            Threads = Count(Directory.EnumerateDirectories($"/proc/{daemon}/task").Select(NameOf).OfType<string>().Where(name => !PassingThreads.Contains(name))),
        };
    }

    private IEnumerable<(string Name, string Value)> Parts =>
    [
        ("processes", Processes), ("mounts", $"{Mounts}"), ("cgroups", $"{Cgroups}"), ("cgroups of dead daemons", $"{DeadCgroups}"),
        ("namespaces", Namespaces), ("files", Files), ("descriptors of the daemon", Descriptors), ("threads of the daemon", Threads),
    ];

    private static int CountNamespaces(IEnumerable<(ProcessEntry Process, ProcessKind Kind)> family, string type) =>
        family.Select(member => LinkTarget($"/proc/{member.Process.Pid}/ns/{type}")).OfType<string>().Distinct(StringComparer.Ordinal).Count();

    private static IEnumerable<string> FilesBelow(string directory) =>
        Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(directory, path))
            .Select(name => name.StartsWith(CopiedRoot, StringComparison.Ordinal) ? CopiedRoot : Digits().Replace(name, "#"));

    private static IEnumerable<string> Links(string directory) => Directory.EnumerateFileSystemEntries(directory).Select(LinkTarget).OfType<string>();

    /// <summary><c>socket:[123]</c> is a socket, and a control group is one like another.</summary>
    private static string Descriptor(string target, Succession server) => target switch
    {
        _ when target.StartsWith("/sys/fs/cgroup/", StringComparison.Ordinal) => "cgroup",
        _ => Digits().Replace(target.Replace(server.Current.DataDirectory, "data", StringComparison.Ordinal), "#"),
    };

    private static bool IsOfProgram(string target) => Path.GetExtension(target) is ".dll" or ".pdb" or ".so";

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Null when it has ended.</summary>
    private static string? NameOf(string task)
    {
        try
        {
            return File.ReadAllText(task + "/comm").Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Count(IEnumerable<string> names) => string.Join(", ",
        names.GroupBy(name => name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}"));

    [GeneratedRegex(@"\[?\d+\]?", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();
}
