using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_rule_condition.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RuleCondition
{
    /// <summary>0 to 5.</summary>
    public uint Argument;

    public RuleCompare Compare;

    /// <summary><see cref="RuleCompare.MaskedEq"/> only; 0 otherwise.</summary>
    public ulong Mask;

    public ulong Value;
}
