namespace Sandcastle.Cli.Servers;

/// <summary>An flock(2) on a file: at most one process starts the background server. The kernel drops it with its holder.</summary>
internal static class StartLock
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(10);

    /// <summary>Gives the lock, or null as soon as <paramref name="done"/> says that there is nothing left to do.</summary>
    public static async Task<FileStream?> AcquireUnlessAsync(string path, Func<bool> done, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Retry);
        while (!done())
        {
            if (TryAcquire(path) is { } held)
            {
                // Its last holder may have succeeded between our look and our lock.
                if (!done())
                {
                    return held;
                }

                await held.DisposeAsync();
                return null;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return null;
    }

    private static FileStream? TryAcquire(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }
}
