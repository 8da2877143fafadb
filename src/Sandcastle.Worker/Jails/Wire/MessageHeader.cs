using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_header: first in every message.</summary>
/// <param name="Kind">What the message is.</param>
/// <param name="Id">The keep, slot or request it speaks of, chosen by the worker.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct MessageHeader(MessageKind Kind, uint Id);
