using System.Runtime.CompilerServices;

namespace Sandcastle.Worker.Jails.Wire;

/// <summary>struct sc_rule_condition[3].</summary>
[InlineArray(Max)]
internal struct RuleConditions
{
    internal const int Max = 3;

    private RuleCondition _first;
}
