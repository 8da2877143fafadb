using System.Runtime.InteropServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_rule: one rule of the seccomp policy on its way to libseccomp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Rule
{
    public Bytes64 Name;

    public RuleAction Action;

    /// <summary>The errno of <see cref="RuleAction.Errno"/>; 0 otherwise.</summary>
    public int Error;

    public uint ConditionCount;

    public uint Reserved;

    public RuleConditions Conditions;
}
