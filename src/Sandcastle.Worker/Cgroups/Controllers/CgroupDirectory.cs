using System.Text;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;

namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>
/// One cgroup in one hierarchy: a name below a directory that is held open. It keeps no descriptor itself, because thousands of
/// slots wait at a time.
/// </summary>
internal sealed class CgroupDirectory
{
    private const int MaxPathBytes = 256;
    private readonly DirectoryHandle _parent;
    private readonly byte[] _name;

    internal CgroupDirectory(DirectoryHandle parent, string parentPath, string name)
    {
        _parent = parent;
        _name = Encoding.UTF8.GetBytes(name);
        Name = name;
        Path = parentPath + "/" + name;
    }

    internal string Name { get; }

    internal string Path { get; }

    internal bool Create() => _parent.CreateDirectory(Name);

    internal Errno TryRemove() => _parent.TryRemoveDirectory(Name);

    internal Fd? TryOpen(ReadOnlySpan<byte> file, OpenFlags flags, out Errno errno)
    {
        Span<byte> path = stackalloc byte[MaxPathBytes];
        _name.CopyTo(path);
        path[_name.Length] = (byte)'/';
        file.CopyTo(path[(_name.Length + 1)..]);
        return _parent.TryOpenFile(path[..(_name.Length + 1 + file.Length)], flags, out errno);
    }

    internal Fd Open(ReadOnlySpan<byte> file, OpenFlags flags) =>
        TryOpen(file, flags, out var errno) ?? throw new LinuxException("openat", errno, Describe(file));

    internal void Write(ReadOnlySpan<byte> file, long value)
    {
        var errno = TryWrite(file, value);
        if (errno != Errno.None)
        {
            throw new LinuxException("write", errno, $"{Describe(file)} = {value}");
        }
    }

    internal Errno TryWrite(ReadOnlySpan<byte> file, long value)
    {
        Span<byte> text = stackalloc byte[20];
        System.Buffers.Text.Utf8Formatter.TryFormat(value, text, out var length);
        return TryWrite(file, text[..length]);
    }

    internal Errno TryWrite(ReadOnlySpan<byte> file, ReadOnlySpan<byte> text)
    {
        using var fd = TryOpen(file, OpenFlags.WriteOnly, out var errno);
        fd?.TryWrite(text, out errno);
        return errno;
    }

    internal string Describe(ReadOnlySpan<byte> file) => Path + "/" + Encoding.UTF8.GetString(file);
}
