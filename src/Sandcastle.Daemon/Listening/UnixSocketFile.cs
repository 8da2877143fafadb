using System.Net.Sockets;
using Sandcastle.Daemon.Options;

namespace Sandcastle.Daemon.Listening;

/// <summary>The file of a unix socket: what a killed daemon left is removed, what a living one serves is not.</summary>
internal static class UnixSocketFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="UsageException">Somebody serves there, or it is no place for a socket.</exception>
    public static void Clear(string path)
    {
        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new UsageException($"--listen: there is no directory for '{path}'");
        }

        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(path))
        {
            File.Delete(path);
            return;
        }
        catch (SocketException)
        {
            throw new UsageException($"--listen: '{path}' is there and is no socket of ours");
        }

        throw new UsageException($"--listen: another server answers at '{path}'");
    }

    /// <summary>Whoever may connect may try keys; the owner alone may.</summary>
    public static void Protect(string path) => File.SetUnixFileMode(path, OwnerOnly);

    // .NET has no name for the type of a special file; a regular file or a directory has another set of attributes.
    private static bool IsSocket(string path)
    {
        var info = new FileInfo(path);
        return info.Exists && info.Length == 0 && (info.Attributes & FileAttributes.Directory) == FileAttributes.None;
    }
}
