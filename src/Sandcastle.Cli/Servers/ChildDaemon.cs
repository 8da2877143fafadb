using System.Diagnostics;
using System.Runtime.InteropServices;
using Sandcastle.Cli.Processes;
using Sandcastle.Client.Servers;

namespace Sandcastle.Cli.Servers;

/// <summary>
/// A server that lives as long as one command (<c>--no-daemon</c>), in a directory of its own: it shares no ledger and no sweep with
/// the background server, and leaves nothing, also where a signal ends us. Should we be killed, it leaves after a few idle seconds.
/// </summary>
internal sealed class ChildDaemon : IAsyncDisposable
{
    private const int IdleExitSeconds = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly PosixSignalRegistration[] _signals;
    private bool _ended;
    private bool _signalled;

    private ChildDaemon(LocalServer server, Process process)
    {
        Server = server;
        _process = process;
        // Behind the handler a signal does what it does by default: it ends us.
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, _ => EndBySignal()))];
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
        End();
        if (Volatile.Read(ref _signalled))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan);
        }

        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _process.Dispose();
    }

    private void EndBySignal()
    {
        Volatile.Write(ref _signalled, true);
        End();
    }

    private void End()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            if (!_process.HasExited)
            {
                ChildProcess.Terminate(_process.Id);
                if (!_process.WaitForExit(Patience))
                {
                    _process.Kill();
                    _process.WaitForExit();
                }
            }

            Directory.Delete(Server.DataDirectory, recursive: true);
        }
    }
}
