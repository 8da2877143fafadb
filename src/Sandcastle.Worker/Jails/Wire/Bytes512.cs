using System.Runtime.CompilerServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>char[SC_PATH_MAX].</summary>
[InlineArray(WireLimits.PathMax)]
internal struct Bytes512
{
    private byte _first;
}
