using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;
using Sandcastle.Worker.Cgroups.Controllers;

namespace Sandcastle.Worker.Cgroups.Layout;

/// <summary>
/// <c>sandcastle-…</c> in one hierarchy: the only cgroup that the worker makes outside of its own. It is locked (flock) for as long as
/// the worker lives, so that another's sweep can tell it from a dead one's, whatever pid namespaces the two live in.
/// </summary>
internal sealed partial class InstanceDirectory : IDisposable
{

    private const int Attempts = 5;
    private readonly DirectoryHandle _parent;
    private readonly string _name;

    private InstanceDirectory(CgroupHierarchy hierarchy, DirectoryHandle parent, string parentPath, string name, DirectoryHandle handle)
    {
        Hierarchy = hierarchy;
        ParentPath = parentPath;
        _parent = parent;
        _name = name;
        Handle = handle;
    }

    internal CgroupHierarchy Hierarchy { get; }

    internal DirectoryHandle Handle { get; }

    internal string ParentPath { get; }

    internal string Path => ParentPath + "/" + _name;

    /// <summary>Whose it is can be read by people; that it is one, by a sweep.</summary>
    internal static string NewName() => $"sandcastle-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";

    /// <summary>Makes and locks it.</summary>
    /// <exception cref="LinuxException">The kernel refused: EACCES, EROFS, …</exception>
    internal static InstanceDirectory Create(CgroupHierarchy hierarchy, string parentPath, string name)
    {
        var parent = DirectoryHandle.Open(parentPath);
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                parent.CreateDirectory(name);
                if (TryHold(parent, name) is { } handle)
                {
                    return new InstanceDirectory(hierarchy, parent, parentPath, name, handle);
                }
            }

            throw new LinuxException("flock", Errno.EAGAIN, $"{parentPath}/{name}");
        }
        catch
        {
            parent.Dispose();
            throw;
        }
    }

    /// <summary>Opens and locks another instance's directory in the same hierarchy; null when its worker lives, or it is gone.</summary>
    internal InstanceDirectory? TryAdopt(string name)
    {
        var parent = DirectoryHandle.Open(ParentPath);
        if (TryHold(parent, name) is { } handle)
        {
            return new InstanceDirectory(Hierarchy, parent, ParentPath, name, handle);
        }

        parent.Dispose();
        return null;
    }

    /// <summary>The instances beside this one, of living workers and dead ones.</summary>
    internal IEnumerable<string> Siblings() =>
        Directories(_parent).Where(name => name != _name && NamePattern().IsMatch(name));

    /// <summary>The cgroups in it.</summary>
    internal IEnumerable<string> Children() => Directories(Handle);

    /// <summary>Nobody else's cgroup is called that, whatever it begins with.</summary>
    [GeneratedRegex("^sandcastle-[0-9]+-[0-9a-f]{12}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();

    private static DirectoryHandle? TryHold(DirectoryHandle parent, string name)
    {
        if (parent.TryOpenFile(name, OpenFlags.Directory, out _) is not { } fd)
        {
            return null;
        }

        var handle = new DirectoryHandle(fd);
        if (fd.TryLock() && IsStill(parent, name, handle))
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    internal CgroupDirectory Child(string name) => new(Handle, Path, name);

    /// <summary>The worker's cgroup itself, with all that is below it.</summary>
    internal CgroupDirectory Self() => new(_parent, ParentPath, _name);

    internal bool Has(string file)
    {
        using var fd = Handle.TryOpenFile(file, OpenFlags.Path, out _);
        return fd is not null;
    }

    internal bool IsWritable(string file) => (Handle.Status(file).Permissions & 0x80 /* owner may write */) != 0;

    internal Errno TryRemove() => _parent.TryRemoveDirectory(_name);

    public void Dispose()
    {
        Handle.Dispose();
        _parent.Dispose();
    }

    private static IEnumerable<string> Directories(DirectoryHandle handle) =>
        handle.Entries().Where(entry => entry.Kind == FileKind.Directory).Select(entry => entry.Name);

    private static bool IsStill(DirectoryHandle parent, string name, DirectoryHandle handle)
    {
        try
        {
            return parent.Status(name).Inode == FileStatus.Of(handle.Fd).Inode;
        }
        catch (LinuxException exception) when (exception.Errno == Errno.ENOENT)
        {
            return false;
        }
    }
}
