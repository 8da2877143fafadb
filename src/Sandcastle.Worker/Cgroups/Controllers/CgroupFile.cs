using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;

namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>
/// A file of a cgroup that is opened at its first reading and kept: a running slot is read many times, a waiting one never. One
/// thread at a time.
/// </summary>
internal sealed class CgroupFile : IDisposable
{
    private readonly CgroupDirectory _directory;
    private readonly byte[] _name;
    private readonly OpenFlags _flags;
    private Fd? _fd;

    /// <param name="directory">Of which cgroup.</param>
    /// <param name="name">UTF-8, shared: a constant of its controller.</param>
    /// <param name="flags">Read-only unless the file is reset by a write on the same descriptor.</param>
    internal CgroupFile(CgroupDirectory directory, byte[] name, OpenFlags flags = OpenFlags.ReadOnly)
    {
        _directory = directory;
        _name = name;
        _flags = flags;
    }

    internal ReadOnlySpan<byte> Read(Span<byte> buffer)
    {
        _fd ??= _directory.Open(_name, _flags);
        var length = _fd.TryReadAt(buffer, 0, out var errno);
        return length >= 0 ? buffer[..length] : throw new LinuxException("pread", errno, _directory.Describe(_name));
    }

    internal long ReadNumber() => CgroupText.Number(Read(stackalloc byte[32]));

    internal void Write(ReadOnlySpan<byte> text)
    {
        _fd ??= _directory.Open(_name, _flags);
        _fd.TryWrite(text, out var errno);
        if (errno != Errno.None)
        {
            throw new LinuxException("write", errno, _directory.Describe(_name));
        }
    }

    public void Dispose()
    {
        _fd?.Dispose();
        _fd = null;
    }
}
