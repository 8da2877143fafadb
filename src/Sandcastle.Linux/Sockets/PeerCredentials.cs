using System.Runtime.InteropServices;

namespace Sandcastle.Linux.Sockets;

/// <summary>
/// Who connected (SO_PEERCRED, struct ucred), as the kernel saw it at connect(2) or socketpair(2), in the reader's namespaces.
/// </summary>
/// <param name="Pid">0 when the peer lives in a pid namespace that the reader cannot see.</param>
/// <param name="Uid">User id.</param>
/// <param name="Gid">Group id.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct PeerCredentials(int Pid, uint Uid, uint Gid);
