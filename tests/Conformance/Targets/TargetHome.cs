using System.Diagnostics;
using System.Text.RegularExpressions;
using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.Conformance.Targets;

/// <summary>A SANDCASTLE_HOME of its own: this build's things, and of the templates only those that attacks are written for.</summary>
public sealed partial class TargetHome : IDisposable
{
    /// <summary>What attacks run in.</summary>
    public static readonly string[] Templates = ["python", "bash"];

    /// <summary>Slots that are kept ready: attacks come one after the other.</summary>
    private static readonly Dictionary<string, int> Ready = new(StringComparer.Ordinal) { ["fork"] = 8, ["nsjail"] = 4, ["gvisor"] = 2 };

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandcastle-home-");
    private readonly OuterCgroup? _outer;

    private TargetHome(string profile, string native, OuterCgroup? outer, Func<string, string> adapt)
    {
        (Profile, _outer) = (profile, outer);
        _directory.CreateSubdirectory("artifacts");
        Link("artifacts/native", native);
        Link("guest", Built("guest"));
        Link("policy", Built("policy"));
        var templates = _directory.CreateSubdirectory("templates").FullName;
        foreach (var name in Templates.Select(name => name + ".yaml"))
        {
            File.WriteAllText(System.IO.Path.Combine(templates, name), adapt(File.ReadAllText(Built("templates/" + name))));
        }
    }

    /// <summary>Whether this machine builds jails.</summary>
    public static bool CanBuild { get; } = new[] { "make", "gcc" }.All(program =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(System.IO.Path.Combine(directory, program))));

    public string Profile { get; }

    /// <summary>Whether the jail lacks walls.</summary>
    public bool IsWeak => _outer is not null;

    public string Path => _directory.FullName;

    /// <summary>Takes the daemon into the outer cgroup, where there is one.</summary>
    public string[] Launcher => _outer is null ? [] : ["/bin/sh", "-ec", string.Concat(_outer.Doors.Select(door => $"echo $$ >'{door}'\n")) + "exec \"$0\" \"$@\""];

    /// <summary>All of the shipped templates' contents, but for the profile.</summary>
    public static TargetHome Of(string profile) => new(profile, Built("artifacts/native"), null, template =>
    {
        var text = ProfileLine().Replace(template, "").TrimEnd() + $"\nprofile: {profile}\n";
        return Ready.TryGetValue(profile, out var ready) ? ReadyLine().Replace(text, $"ready: {ready}") : text;
    });

    /// <summary>With the jail built without these walls; nsjail stays out of it, whose walls stand whatever the jail lacks.</summary>
    public static TargetHome Without(string walls)
    {
        var build = new ProcessStartInfo("make", ["-s", "-C", Built("native/jail"), "without", "WALLS=" + walls]);
        // Where a make has started the tests, they are none of its jobs.
        build.Environment.Remove("MAKEFLAGS");
        using var make = Process.Start(build)!;
        make.WaitForExit();
        make.ExitCode.ShouldBe(0);
        return new TargetHome("fork", Built("artifacts/native-without/" + walls), OuterCgroup.Create(),
            template => ReadyLine().Replace(template, "ready: 4").TrimEnd() + "\nkeep: builtin\n");
    }

    public void Dispose()
    {
        _directory.Delete(recursive: true);
        _outer?.Dispose();
    }

    private static string Built(string path) => System.IO.Path.Combine(Repository.Root, path);

    private void Link(string name, string to) => Directory.CreateSymbolicLink(System.IO.Path.Combine(Path, name), to);

    [GeneratedRegex("^profile:.*\n", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProfileLine();

    [GeneratedRegex("^ready:.*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReadyLine();
}
