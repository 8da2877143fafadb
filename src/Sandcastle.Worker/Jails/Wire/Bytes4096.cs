using System.Runtime.CompilerServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>char[4096]: a path inside a slot.</summary>
[InlineArray(4096)]
internal struct Bytes4096
{
    private byte _first;
}
