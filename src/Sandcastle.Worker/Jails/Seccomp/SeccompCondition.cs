using System.Runtime.InteropServices;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>One comparison of a rule. Only two kinds are needed: some bits equal a value, or the register is at least a value.</summary>
/// <param name="Argument">0 to 5.</param>
/// <param name="Compare"><see cref="RuleCompare.MaskedEq"/> or <see cref="RuleCompare.Ge"/>.</param>
/// <param name="Mask">0 for <see cref="RuleCompare.Ge"/>.</param>
/// <param name="Value">Within the mask.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SeccompCondition(uint Argument, RuleCompare Compare, ulong Mask, ulong Value)
{
    internal bool Holds(ulong register) => Compare == RuleCompare.Ge ? register >= Value : (register & Mask) == Value;
}
