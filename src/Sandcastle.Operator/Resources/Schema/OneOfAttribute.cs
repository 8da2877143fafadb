namespace Sandcastle.Operator.Resources.Schema;

/// <summary>The only texts that a property may have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values { get; } = values;
}
