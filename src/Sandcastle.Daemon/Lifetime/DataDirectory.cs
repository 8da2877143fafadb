using Sandcastle.Daemon.Options;

namespace Sandcastle.Daemon.Lifetime;

/// <summary>The data directory, held by one daemon at a time. The kernel lets go of the lock with the process, however it ends.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const string LockName = "lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>EWOULDBLOCK of errno(3).</summary>
    private const int WouldBlock = 11;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <exception cref="UsageException">Another daemon has it, or it cannot be written.</exception>
    public static DataDirectory Take(string path)
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--data-dir: {e.Message}");
        }

        var file = System.IO.Path.Combine(path, LockName);
        try
        {
            // FileShare.None is flock(2) with LOCK_EX.
            return new DataDirectory(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            throw new UsageException($"another sandcastled works in '{path}'; end it, or give this one a --data-dir of its own");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--data-dir: {e.Message}");
        }
    }

    public void Dispose() => _lock.Dispose();
}
