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

    /// <summary>.NET has no name for this type of file, but open(2) has: ENXIO. A regular file, empty or not, opens.</summary>
    private static bool IsSocket(string path)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
