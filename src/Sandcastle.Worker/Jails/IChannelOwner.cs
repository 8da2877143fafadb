using Sandcastle.Linux.Descriptors;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Jails;

/// <summary>Whoever a <see cref="Channel"/> speaks for. Called on the reactor's thread.</summary>
internal interface IChannelOwner
{
    /// <param name="channel">Where it came in.</param>
    /// <param name="header">First in the packet.</param>
    /// <param name="packet">The whole message; gone after the call.</param>
    /// <param name="fds">What came with it; an owner sets to null what it keeps, the rest is closed.</param>
    void OnMessage(Channel channel, MessageHeader header, ReadOnlySpan<byte> packet, Span<Fd?> fds);

    /// <summary>The peer is gone. Called once, unless the channel was disposed before.</summary>
    void OnClosed(Channel channel);
}
