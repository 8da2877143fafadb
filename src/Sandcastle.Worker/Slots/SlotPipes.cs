using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;

namespace Sandcastle.Worker.Slots;

/// <summary>The three pipes of a slot's program, made ahead, so that a run costs none.</summary>
internal sealed class SlotPipes : IDisposable
{
    private readonly Pipe _stdin = Pipe.ForWriting();
    private readonly Pipe _stdout = Pipe.ForReading();
    private readonly Pipe _stderr = Pipe.ForReading();
    private readonly SlotStream _stdoutStream;
    private readonly SlotStream _stderrStream;

    internal SlotPipes(Slot slot)
    {
        _stdoutStream = new SlotStream(slot, _stdout.Ours, isStderr: false);
        _stderrStream = new SlotStream(slot, _stderr.Ours, isStderr: true);
    }

    /// <summary>What the program reads; non-blocking. Disposing it is the end of file.</summary>
    internal Fd Stdin => _stdin.Ours;

    /// <summary>The program's stdin, stdout and stderr. Gone after <see cref="CloseTheirs"/>.</summary>
    internal Fd[] Theirs => [_stdin.Theirs, _stdout.Theirs, _stderr.Theirs];

    /// <summary>The program has them now; while we do too, no end of file would come.</summary>
    internal void CloseTheirs()
    {
        foreach (var fd in Theirs)
        {
            fd.Dispose();
        }
    }

    internal void Listen(Reactor reactor)
    {
        _stdoutStream.Register(reactor);
        _stderrStream.Register(reactor);
    }

    /// <summary>Delivers what was written so far, and listens no more. On the reactor's thread.</summary>
    internal void Drain()
    {
        _stdoutStream.Drain();
        _stderrStream.Drain();
    }

    /// <summary>On the reactor's thread, before <see cref="Dispose"/> on any.</summary>
    internal void StopListening()
    {
        _stdoutStream.Dispose();
        _stderrStream.Dispose();
    }

    public void Dispose()
    {
        _stdin.Dispose();
        _stdout.Dispose();
        _stderr.Dispose();
    }
}
