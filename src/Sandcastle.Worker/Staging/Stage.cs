using Sandcastle.Linux.Mounts;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Staging;

/// <summary>
/// The worker's directory of things that jails are made from: copies of the guest's files and of the jail itself, and one small root
/// for each template. Everyone may pass through it (keeps run under ids of their own), nobody but the worker may write.
/// It belongs to one data directory, so that a worker finds and removes what a killed predecessor left.
/// </summary>
internal sealed class Stage : IDisposable
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode ForUs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private IReadOnlyList<TemplateTree>? _hostTrees;

    private Stage(string path) => Location = path;

    private string SharedRoot => Path.Combine(Location, "root");

    internal string Location { get; }

    /// <summary>Seen in every keep and slot as <c>/run/sandcastle/guest</c>.</summary>
    internal string Guest => Path.Combine(Location, "guest");

    internal string JailProgram => Path.Combine(Guest, "sandcastle-jail");

    /// <summary>In a directory that only we may enter.</summary>
    internal string BrokerSocket => Path.Combine(Location, "broker", "socket");

    /// <param name="location">Its parent exists or is made; it itself must not exist.</param>
    /// <param name="nativeDirectory">Holds the jail's program and library.</param>
    /// <param name="guestDirectory">Holds <c>python/</c> and <c>node/</c>.</param>
    internal static Stage Create(string location, string nativeDirectory, string guestDirectory)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(location)!, ForAll);
        MakeDirectory(location, ForAll);
        var stage = new Stage(location);
        MakeDirectory(Path.Combine(location, "broker"), ForUs);
        MakeDirectory(stage.Guest, ForAll);
        foreach (var file in new[] { "sandcastle-jail", "libsandcastle_jail.so" })
        {
            Copy(Path.Combine(nativeDirectory, file), stage.Guest, ForAll);
        }

        foreach (var file in GuestFiles(guestDirectory))
        {
            Copy(file, stage.Guest, ForAll & ~(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
        }

        return stage;
    }

    /// <summary>Makes what a template's keep is built from.</summary>
    internal StagedTemplate Add(Template template)
    {
        var directory = Path.Combine(Location, "templates", template.Name);
        var keep = Path.Combine(directory, "keep");
        MakeDirectory(directory, ForAll);
        MakeDirectory(keep, ForAll);
        var named = template.Trees.Concat(template.Venv is null ? [] : [new TemplateTree(template.Venv, template.Venv)]);
        if (template.Root is not null)
        {
            return new StagedTemplate(template.Root, keep, [.. named]);
        }

        return new StagedTemplate(SharedRoot, keep, [.. HostTrees(), .. named]);
    }

    /// <summary>A directory for a template's wall that nobody else may enter.</summary>
    internal string AddPrivate(Template template, string name) => Add(template, name, ForUs);

    /// <summary>The same, through which everyone may pass.</summary>
    internal string AddPublic(Template template, string name) => Add(template, name, ForAll);

    private string Add(Template template, string name, UnixFileMode mode)
    {
        var directory = Path.Combine(Location, "templates", template.Name, name);
        MakeDirectory(directory, mode);
        return directory;
    }

    /// <summary>Removes a stage that a killed worker left, with whatever is still mounted in it.</summary>
    /// <returns>What was there, for the log; empty as a rule.</returns>
    internal static IReadOnlyList<string> Sweep(string location)
    {
        if (!Directory.Exists(location))
        {
            return [];
        }

        var mounts = MountTable.Read()
            .Select(mount => mount.MountPoint)
            .Where(point => point == location || point.StartsWith(location + "/", StringComparison.Ordinal))
            .Reverse()
            .Where(MountTable.Detach)
            .ToList();
        Directory.Delete(location, recursive: true);
        return [.. mounts, location];
    }

    public void Dispose()
    {
        if (Directory.Exists(Location))
        {
            Directory.Delete(Location, recursive: true);
        }
    }

    /// <summary>Made once: it is only ever the lowest, read-only layer, and the same for every template that brings no root of its own.</summary>
    private IReadOnlyList<TemplateTree> HostTrees()
    {
        if (_hostTrees is null)
        {
            MakeDirectory(SharedRoot, ForAll);
            _hostTrees = SmallRoot.Build(SharedRoot);
        }

        return _hostTrees;
    }

    private static IEnumerable<string> GuestFiles(string guestDirectory) =>
        Directory.EnumerateFiles(Path.Combine(guestDirectory, "python"), "*.py")
            .Concat(Directory.EnumerateFiles(Path.Combine(guestDirectory, "node"), "*.mjs"));

    private static void MakeDirectory(string path, UnixFileMode mode)
    {
        if (Path.Exists(path))
        {
            throw new IOException($"{path} exists already: another worker uses it, or somebody else made it.");
        }

        // Twice, because the first is cut by the umask.
        Directory.CreateDirectory(path, mode);
        File.SetUnixFileMode(path, mode);
    }

    private static void Copy(string file, string directory, UnixFileMode mode)
    {
        var copy = Path.Combine(directory, Path.GetFileName(file));
        File.Copy(file, copy);
        File.SetUnixFileMode(copy, mode);
    }
}
