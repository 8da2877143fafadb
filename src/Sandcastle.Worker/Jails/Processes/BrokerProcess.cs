using System.Diagnostics;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Sockets;

namespace Sandcastle.Worker.Jails.Processes;

/// <summary>Starts the broker, the one process that the worker starts by itself and that lives on.</summary>
internal sealed class BrokerProcess : IDisposable
{
    private const int LongestLine = 4096;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A process that was sent SIGKILL is gone in a moment, or the kernel has it.</summary>
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Task _reading;

    private BrokerProcess(Process process, Action<string> onLine)
    {
        _process = process;
        _reading = ReadAsync(process.StandardError, onLine);
    }

    internal int Pid => _process.Id;

    /// <param name="program">sandcastle-jail.</param>
    /// <param name="socketPath">In a directory that only we may enter; must not exist.</param>
    /// <param name="reactor">Waits for the broker to connect.</param>
    /// <param name="onLine">Gets what the broker and its keeps write on stderr, on any thread, until the last of them has ended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<(BrokerProcess Process, SeqpacketSocket Socket)> StartAsync(
        string program, string socketPath, Reactor reactor, Action<string> onLine, CancellationToken cancellationToken)
    {
        using var listener = SeqpacketListener.Listen(socketPath);
        var connected = new Connected();
        using var registration = reactor.Register(listener.Fd, EpollEvents.Readable | EpollEvents.OneShot, connected);
        var broker = new BrokerProcess(
            await ProgramStart.StartAsync(
                new ProcessStartInfo(program, ["broker", socketPath])
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardError = true,
                    WorkingDirectory = "/",
                },
                cancellationToken),
            onLine);
        try
        {
            await connected.Task.WaitAsync(ConnectTimeout, cancellationToken);
            var socket = listener.Accept() ?? throw new JailException("the broker connected and left");
            if (socket.Peer.Pid == broker.Pid)
            {
                return (broker, socket);
            }

            var stranger = socket.Peer.Pid;
            socket.Dispose();
            throw new JailException($"process {stranger} connected in place of the broker, {broker.Pid}");
        }
        catch
        {
            broker.Dispose();
            throw;
        }
    }

    /// <summary>Ends the broker. Its keeps live on, and have its stderr: nothing here waits for the end of that.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit(KillTimeout);
        _ = _reading.ContinueWith(static (_, process) => ((Process)process!).Dispose(), _process, TaskScheduler.Default);
    }

    private static async Task ReadAsync(StreamReader stderr, Action<string> onLine)
    {
        // Process.Dispose leaves open what was asked of it: the end of the stream belongs to who reads it.
        using var ours = stderr;
        var buffer = new char[LongestLine];
        for (int kept = 0, read; (read = await ours.ReadAsync(buffer.AsMemory(kept))) > 0;)
        {
            kept = TakeLines(buffer, kept + read, onLine);
        }
    }

    /// <summary>What is longer than the buffer is cut: a wall may be in a guest's hands, and write without an end.</summary>
    /// <returns>How much of an unfinished line is left, at the buffer's begin.</returns>
    private static int TakeLines(char[] buffer, int length, Action<string> onLine)
    {
        var rest = buffer.AsSpan(0, length);
        while (rest.IndexOf('\n') is var end && (end >= 0 || rest.Length == buffer.Length))
        {
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (!line.IsEmpty)
            {
                onLine(line.ToString());
            }
        }

        rest.CopyTo(buffer);
        return rest.Length;
    }

    private sealed class Connected : IReactorHandler
    {
        private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Task => _source.Task;

        public void OnReady(EpollEvents events) => _source.TrySetResult();
    }
}
