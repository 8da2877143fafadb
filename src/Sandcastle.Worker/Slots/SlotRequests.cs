using Sandcastle.Linux.Descriptors;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Slots;

/// <summary>Questions to a slot's init, each with a number, answered by "done", a file or an error.</summary>
internal sealed class SlotRequests
{
    /// <summary>Above every slot's own id, which the init uses for its program.</summary>
    private const uint FirstId = 0x8000_0000;

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, (MessageKind Kind, TaskCompletionSource<Fd?> Source)> _waiting = [];
    private uint _last = FirstId;
    private bool _closed;

    /// <returns>The file that was opened, the caller's to dispose; null for what is only done.</returns>
    /// <exception cref="JailException">The init refused (with the step and errno), or is gone.</exception>
    internal async Task<Fd?> AskAsync<T>(
        Channel channel, MessageKind kind, Func<MessageHeader, T> message, Fd? fd, CancellationToken cancellationToken)
        where T : unmanaged
    {
        var source = new TaskCompletionSource<Fd?>(TaskCreationOptions.RunContinuationsAsynchronously);
        uint id;
        lock (_gate)
        {
            id = ++_last;
            if (_closed)
            {
                throw new JailException("the slot's init ended");
            }

            _waiting[id] = (kind, source);
        }

        if (!channel.Send(message(new MessageHeader(kind, id)), default, fd is null ? [] : [fd]))
        {
            FailAll();
        }

        return await source.Task.WaitAsync(cancellationToken);
    }

    /// <returns>False when nobody asked.</returns>
    internal bool TryComplete(MessageHeader header, Span<Fd?> fds)
    {
        // A file only for who asked to have one opened; else nobody would close it.
        if (Remove(header.Id) is not var (kind, source) || (header.Kind == MessageKind.Opened) != (kind == MessageKind.Open))
        {
            return false;
        }

        Fd? file = null;
        if (header.Kind == MessageKind.Opened && fds.Length == 1)
        {
            file = fds[0];
            fds[0] = null;
        }

        if (!source.TrySetResult(file))
        {
            file?.Dispose();
        }

        return true;
    }

    internal bool TryFail(in ErrorMessage error)
    {
        if (Remove(error.Header.Id) is not var (_, source))
        {
            return false;
        }

        source.TrySetException(new JailException(error));
        return true;
    }

    internal void FailAll()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var (_, source) in _waiting.Values)
            {
                source.TrySetException(new JailException("the slot's init ended"));
            }

            _waiting.Clear();
        }
    }

    private (MessageKind Kind, TaskCompletionSource<Fd?> Source)? Remove(uint id)
    {
        lock (_gate)
        {
            return _waiting.Remove(id, out var waiting) ? waiting : null;
        }
    }
}
