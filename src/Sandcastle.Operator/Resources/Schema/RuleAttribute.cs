namespace Sandcastle.Operator.Resources.Schema;

/// <summary>What must hold beyond types and ranges, as an expression in CEL over <c>self</c> (and <c>oldSelf</c> on updates).</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true)]
public sealed class RuleAttribute(string rule, string message) : Attribute
{
    public string Rule { get; } = rule;

    public string Message { get; } = message;
}
