using System.Runtime.CompilerServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>char[SC_NAME_MAX].</summary>
[InlineArray(WireLimits.NameMax)]
internal struct Bytes64
{
    private byte _first;
}
