using System.Diagnostics;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Sockets;

namespace Sandcastle.Worker.Jails.Processes;

/// <summary>Starts the broker, the one process that the worker starts by itself and that lives on.</summary>
internal sealed class BrokerProcess : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private BrokerProcess(Process process) => _process = process;

    internal int Pid => _process.Id;

    /// <param name="program">sandcastle-jail.</param>
    /// <param name="socketPath">In a directory that only we may enter; must not exist.</param>
    /// <param name="reactor">Waits for the broker to connect.</param>
    /// <param name="onLine">Gets what the broker and nsjail write on stderr.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<(BrokerProcess Process, SeqpacketSocket Socket)> StartAsync(
        string program, string socketPath, Reactor reactor, Action<string> onLine, CancellationToken cancellationToken)
    {
        using var listener = SeqpacketListener.Listen(socketPath);
        var connected = new Connected();
        using var registration = reactor.Register(listener.Fd, EpollEvents.Readable | EpollEvents.OneShot, connected);
        var process = Process.Start(new ProcessStartInfo(program, ["broker", socketPath])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text)
            {
                onLine(text);
            }
        };
        process.BeginErrorReadLine();
        await connected.Task.WaitAsync(ConnectTimeout, cancellationToken);
        var socket = listener.Accept() ?? throw new JailException("the broker connected and left");
        return socket.Peer.Pid == process.Id
            ? (new BrokerProcess(process), socket)
            : throw new JailException($"process {socket.Peer.Pid} connected in place of the broker, {process.Id}");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private sealed class Connected : IReactorHandler
    {
        private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Task => _source.Task;

        public void OnReady(EpollEvents events) => _source.TrySetResult();
    }
}
