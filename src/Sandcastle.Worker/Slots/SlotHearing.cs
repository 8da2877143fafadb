using Sandcastle.Linux.Descriptors;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Slots;

/// <summary>
/// What a slot's init and its program may say, and when: whoever says anything else is taken for the guest. On the reactor's thread.
/// </summary>
internal sealed class SlotHearing(Slot slot, SlotRequests requests) : IChannelOwner
{
    private bool _spawned;
    private bool _exited;

    /// <summary>The init's; what is heard on another is the program's.</summary>
    internal Channel? Control { get; set; }

    /// <summary>The init has said that it is there.</summary>
    internal bool Stands { get; private set; }

    /// <summary>The program has said that it is there.</summary>
    internal bool Entered { get; private set; }

    public void OnMessage(Channel channel, MessageHeader header, ReadOnlySpan<byte> packet, Span<Fd?> fds)
    {
        if (channel == Control ? HearInit(header, packet, fds) : HearProgram(header, packet))
        {
            return;
        }

        // Nothing of ours says this: whoever does must be taken for the guest. The slot ends, as if its init had.
        slot.Kill();
        channel.Dispose();
        slot.OnLost(new JailException($"its init or its program said {header.Kind}, which it may not"));
        requests.FailAll();
    }

    public void OnClosed(Channel channel)
    {
        if (channel == Control)
        {
            requests.FailAll();
            // A wall of its own that could not be built is no loss of what it stood on.
            slot.OnLost(slot.Keep is null && !Stands
                ? new JailException("its wall ended before it stood; what it wrote is in the worker's log")
                : JailException.Lost("slot's init"));
        }
        else if (!Entered)
        {
            slot.Fail(slot.Zygote?.HasEnded() == true ? JailException.Lost("zygote") : new JailException("its program ended before it was ready"));
        }
    }

    /// <summary>Before it has its job. False when it may not say that.</summary>
    private bool HearProgram(MessageHeader header, ReadOnlySpan<byte> packet)
    {
        switch (header.Kind)
        {
            case MessageKind.ProgramReady when Packet.TryRead<IoMessage>(packet, out var io):
                Entered = true;
                slot.OnEntered(io);
                return true;
            case MessageKind.Error when Packet.TryRead<ErrorMessage>(packet, out var error):
                slot.Fail(new JailException(error));
                return true;
            default:
                return false;
        }
    }

    /// <summary>False when an init may not say that, or not now: it says once that it is ready, and answers what it was asked.</summary>
    private bool HearInit(MessageHeader header, ReadOnlySpan<byte> packet, Span<Fd?> fds)
    {
        switch (header.Kind)
        {
            case MessageKind.SlotReady when !Stands && fds.Length == (slot.Source.Traits.LendsDescriptors ? 2 : 0) && Packet.TryRead<ChildMessage>(packet, out _):
                Stands = true;
                slot.OnStands(fds);
                return true;
            case MessageKind.Spawned when slot.Kind != SlotKind.Forked && !_spawned && Packet.TryRead<ChildMessage>(packet, out _):
                return _spawned = true;
            case MessageKind.Exited when slot.Kind != SlotKind.Forked && !_exited && Packet.TryRead<ExitedMessage>(packet, out var exited):
                _exited = true;
                slot.OnProgramExited(exited);
                return true;
            case MessageKind.Error when Packet.TryRead<ErrorMessage>(packet, out var error):
                return HearError(new JailException(error), error);
            case MessageKind.Done or MessageKind.Opened:
                return requests.TryComplete(header, fds);
            default:
                return false;
        }
    }

    private bool HearError(JailException failure, in ErrorMessage error)
    {
        if (requests.TryFail(error))
        {
            return true;
        }

        if (!slot.WasReady)
        {
            slot.Fail(failure);
            return true;
        }

        return false;
    }
}
