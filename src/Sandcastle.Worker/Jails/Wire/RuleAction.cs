namespace Sandcastle.Worker.Jails.Wire;

/// <summary>enum sc_rule_action: what the kernel does with a call.</summary>
internal enum RuleAction : uint
{
    Allow = 1,
    Errno = 2,
    Kill = 3,

    /// <summary>It is not carried out, and answers 0.</summary>
    Done = 4,
}
