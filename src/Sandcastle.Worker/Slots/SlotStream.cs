using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;

namespace Sandcastle.Worker.Slots;

/// <summary>One of the two outputs of a slot's program. On the reactor's thread.</summary>
internal sealed class SlotStream(Slot slot, Fd fd, bool isStderr) : IReactorHandler, IDisposable
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>A flood shall not keep the loop from others.</summary>
    private const int ReadsPerTurn = 4;

    [ThreadStatic]
    private static byte[]? _buffer;

    private ReactorRegistration? _registration;
    private bool _ended;

    internal void Register(Reactor reactor) => _registration = reactor.Register(fd, EpollEvents.Readable, this);

    public void OnReady(EpollEvents events)
    {
        if (!Read(ReadsPerTurn))
        {
            End();
        }
    }

    /// <summary>Delivers what is in the pipe now. Its end is not waited for: a daemonised child may hold it for ever.</summary>
    internal void Drain()
    {
        // More than the pipe can hold is written by somebody who still runs, and the main program does not.
        if (!_ended)
        {
            Read(maximum: 64);
            End();
        }
    }

    public void Dispose() => End();

    private void End()
    {
        _ended = true;
        _registration?.Dispose();
        _registration = null;
    }

    /// <summary>False at the end of the pipe.</summary>
    private bool Read(int maximum)
    {
        var buffer = _buffer ??= new byte[BufferBytes];
        for (var i = 0; i < maximum && !_ended; i++)
        {
            var length = fd.Read(buffer);
            if (length <= 0)
            {
                return length != 0;
            }

            if (slot.User is not { } user)
            {
                continue;
            }

            if (isStderr)
            {
                user.OnStderr(buffer.AsSpan(0, length));
            }
            else
            {
                user.OnStdout(buffer.AsSpan(0, length));
            }

            if (length < BufferBytes)
            {
                return true;
            }
        }

        return true;
    }
}
