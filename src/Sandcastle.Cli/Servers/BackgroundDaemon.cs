using Sandcastle.Cli.Processes;
using Sandcastle.Client.Servers;

namespace Sandcastle.Cli.Servers;

/// <summary>Starts the user's background server when it does not run. It leaves by itself after ten idle minutes.</summary>
internal static class BackgroundDaemon
{
    private const int IdleExitSeconds = 600;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Returns when the socket answers. Of several callers at once, in any number of processes, one starts it.</summary>
    /// <exception cref="DaemonStartException">It ended or stayed silent.</exception>
    public static async Task EnsureRunningAsync(LocalServer server, CancellationToken cancellationToken)
    {
        CreatePrivateDirectory(server.DataDirectory);
        CreatePrivateDirectory(Path.GetDirectoryName(server.SocketPath)!);
        using var startLock = await StartLock.AcquireUnlessAsync(server.LockPath, () => SocketProbe.Answers(server.SocketPath), cancellationToken);
        if (startLock is null)
        {
            return;
        }

        if (!await PredecessorGoneAsync(server, cancellationToken))
        {
            return;
        }

        if (File.Exists(server.LogPath))
        {
            File.Move(server.LogPath, server.LogPath + ".old", overwrite: true);
        }

        using var process = ChildProcess.StartDetached(DaemonProgram.Find(), Arguments(server, IdleExitSeconds), server.LogPath);
        await SocketProbe.WaitAsync(server, process, cancellationToken);
    }

    /// <summary>
    /// A server that leaves closes its listener first and clears up then, and holds its data directory meanwhile. False when one
    /// answers after all.
    /// </summary>
    private static async Task<bool> PredecessorGoneAsync(LocalServer server, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var held = await StartLock.AcquireUnlessAsync(server.DaemonLockPath, () => SocketProbe.Answers(server.SocketPath), patience.Token);
            return held is not null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UsageException(
                $"a sandcastled works in '{server.DataDirectory}' that does not listen at '{server.SocketPath}'; "
                + "if you serve elsewhere, say where by --server or SANDCASTLE_SERVER");
        }
    }

    public static string[] Arguments(LocalServer server, int idleExitSeconds) =>
        ["--listen", $"unix:{server.SocketPath}", "--data-dir", server.DataDirectory, "--idle-exit", $"{idleExitSeconds}"];

    /// <summary>The directory is what keeps others from the socket and the key.</summary>
    private static void CreatePrivateDirectory(string path)
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot make '{path}' for the background server: {e.Message}; SANDCASTLE_DATA_DIR names another place, SANDCASTLE_SERVER another server");
        }

        if ((File.GetUnixFileMode(path) & OthersWrite) != UnixFileMode.None)
        {
            throw new UsageException($"others may write to '{path}', so a server in there is not safe to trust: chmod go-w '{path}'");
        }
    }
}
