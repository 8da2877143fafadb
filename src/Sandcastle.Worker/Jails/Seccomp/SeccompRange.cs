using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>Values of an argument from the first to the last, both included.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SeccompRange(ulong First, ulong Last)
{
    public override string ToString() => First == Last ? $"0x{First:x}" : $"0x{First:x}-0x{Last:x}";
}
