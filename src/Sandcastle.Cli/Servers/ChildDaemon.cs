using System.Diagnostics;
using Sandcastle.Cli.Processes;
using Sandcastle.Client.Servers;

namespace Sandcastle.Cli.Servers;

/// <summary>
/// A server that lives as long as one command (<c>--no-daemon</c>), in a directory of its own: it shares no ledger and no sweep with
/// the background server, and leaves nothing. Should we be killed, it leaves after a few idle seconds.
/// </summary>
internal sealed class ChildDaemon : IAsyncDisposable
{
    private const int IdleExitSeconds = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private ChildDaemon(LocalServer server, Process process)
    {
        Server = server;
        _process = process;
    }

    public LocalServer Server { get; }

    public static async Task<ChildDaemon> StartAsync(CancellationToken cancellationToken)
    {
        var program = DaemonProgram.Find();
        var directory = Directory.CreateTempSubdirectory("sandcastle-").FullName;
        var server = new LocalServer { DataDirectory = directory, SocketPath = Path.Combine(directory, "sandcastled.sock") };
        var process = ChildProcess.StartAttached(program, BackgroundDaemon.Arguments(server, IdleExitSeconds), server.LogPath);
        var daemon = new ChildDaemon(server, process);
        try
        {
            await SocketProbe.WaitAsync(server, process, cancellationToken);
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            ChildProcess.Terminate(_process.Id);
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
        Directory.Delete(Server.DataDirectory, recursive: true);
    }
}
