using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Staging;

/// <summary>
/// Our own root directory: a small <c>/etc</c>, links into <c>/usr</c>, empty mount points. What programs look for in the host's
/// <c>/etc</c> is copied, not mounted: every mount is made again for every slot.
/// </summary>
internal static class SmallRoot
{
    private static readonly string[] Linked = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];

    private static readonly string[] MountPoints =
    [
        "usr", "proc", "dev", "tmp", "var/tmp", WireLimits.Home[1..], WireLimits.GuestDir[1..], WireLimits.LowerDir[1..],
        WireLimits.SlotDir[1..],
    ];

    private static readonly string[] CopiedFromEtc =
    [
        "alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "magic", "matplotlibrc", "mime.types", "protocols",
        "python*", "services", "ssl", "terminfo", "timezone",
    ];

    private static readonly (string Name, string Text)[] Written =
    [
        ("passwd", """
            root:x:0:0:root:/:/usr/sbin/nologin
            user:x:1000:1000:user:/home/user:/bin/bash
            nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin

            """),
        ("group", "root:x:0:\nuser:x:1000:\nnogroup:x:65534:\n"),
        ("hosts", "127.0.0.1 localhost sandbox\n::1 localhost\n"),
        ("hostname", "sandbox\n"),
        ("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n"),
        ("resolv.conf", ""),
        ("shells", "/bin/sh\n/bin/bash\n"),
    ];

    /// <summary>Fills an empty directory.</summary>
    /// <returns>The host's trees that belong on it.</returns>
    internal static IReadOnlyList<TemplateTree> Build(string root)
    {
        foreach (var point in MountPoints)
        {
            Directory.CreateDirectory(Path.Combine(root, point));
        }

        var etc = Directory.CreateDirectory(Path.Combine(root, "etc")).FullName;
        foreach (var entry in CopiedFromEtc.SelectMany(pattern => Directory.EnumerateFileSystemEntries("/etc", pattern)))
        {
            HostCopy.Copy(entry, Path.Combine(etc, Path.GetFileName(entry)));
        }

        foreach (var (name, text) in Written)
        {
            File.WriteAllText(Path.Combine(etc, name), text);
        }

        // bash and others ask for it; the kernel keeps it.
        File.CreateSymbolicLink(Path.Combine(etc, "mtab"), "/proc/self/mounts");
        return [new TemplateTree("/usr", "/usr"), .. Linked.SelectMany(name => LinkOrTree(root, name))];
    }

    /// <summary>Where the host has merged <c>/usr</c> these names are links into it; elsewhere they are directories of their own.</summary>
    private static IEnumerable<TemplateTree> LinkOrTree(string root, string name)
    {
        var host = new DirectoryInfo("/" + name);
        if (host.LinkTarget is { } target)
        {
            File.CreateSymbolicLink(Path.Combine(root, name), target);
        }
        else if (host.Exists)
        {
            Directory.CreateDirectory(Path.Combine(root, name));
            return [new TemplateTree(host.FullName, host.FullName)];
        }

        return [];
    }
}
