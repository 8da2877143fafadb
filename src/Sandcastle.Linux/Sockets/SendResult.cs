namespace Sandcastle.Linux.Sockets;

/// <summary>How a send on a <see cref="SeqpacketSocket"/> ended. A message is sent whole or not at all.</summary>
public enum SendResult
{
    /// <summary>The kernel has the whole message.</summary>
    Sent,

    /// <summary>The buffer is full (EAGAIN): wait for the socket to become writable and send again.</summary>
    WouldBlock,

    /// <summary>Nobody holds the other end any more (EPIPE, ECONNRESET).</summary>
    PeerClosed,
}
