using Sandcastle.Linux.Processes;

namespace Sandcastle.Bench.Processes;

/// <summary>The command lines that we compare with. Each isolating one gives its program what a run gets: all namespaces, /usr and nothing else.</summary>
internal static class Programs
{
    public const string Python = "/usr/bin/python3";
    private const string Print = "print(1)";

    public static IReadOnlyList<string> BarePython { get; } = [Python, "-c", Print];

    public static IReadOnlyList<string> BarePandas { get; } = [Python, "-c", "import pandas"];

    /// <summary>Null without bubblewrap.</summary>
    public static IReadOnlyList<string>? BubblewrapPython() => Find("bwrap") is { } program
        ?
        [
            program, "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--ro-bind", "/usr", "/usr",
            .. Links().SelectMany(link => new[] { "--symlink", link.Target, link.Path }),
            "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/home", "--", .. BarePython,
        ]
        : null;

    /// <summary>Null without nsjail.</summary>
    public static IReadOnlyList<string>? NsjailPython() => Nsjail() is { } program
        ?
        [
            program, "--mode", "o", "--really_quiet", "--rlimit_as", "inf", .. NsjailUser(), "--bindmount_ro", "/usr",
            .. Links().SelectMany(link => new[] { "--symlink", $"{link.Target}:{link.Path}" }),
            "--bindmount_ro", "/dev/null", "--bindmount_ro", "/dev/urandom", "--tmpfsmount", "/tmp", "--tmpfsmount", "/home", "--", .. BarePython,
        ]
        : null;

    public static string? Nsjail() => Environment.GetEnvironmentVariable("SANDCASTLE_NSJAIL") is { Length: > 0 } named
        ? Path.GetFullPath(named)
        : Find("nsjail");

    public static string? Find(string name) =>
        Environment.GetEnvironmentVariable("PATH")?.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Root would be mapped to the host's root; others can only be mapped to themselves.</summary>
    private static string[] NsjailUser() => OwnProcess.EffectiveUid == 0 ? ["--user", "65534:65534:1", "--group", "65534:65534:1"] : [];

    /// <summary>/lib, /bin and the like are links into /usr on a merged system.</summary>
    private static IEnumerable<(string Target, string Path)> Links() =>
        from path in new[] { "/bin", "/lib", "/lib64" }
        let target = new DirectoryInfo(path).LinkTarget
        where target is not null
        select (target, path);
}
