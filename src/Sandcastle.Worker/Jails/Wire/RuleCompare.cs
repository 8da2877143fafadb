namespace Sandcastle.Worker.Jails.Wire;

/// <summary>enum sc_rule_compare: how an argument, as an unsigned 64-bit register, is compared.</summary>
internal enum RuleCompare : uint
{
    Eq = 1,
    Ne = 2,
    MaskedEq = 3,
    Le = 4,
    Ge = 5,
}
