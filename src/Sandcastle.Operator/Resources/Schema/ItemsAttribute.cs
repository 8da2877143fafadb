namespace Sandcastle.Operator.Resources.Schema;

/// <summary>What holds for each text of a list, or for each value of a map.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemsAttribute : Attribute
{
    public int MinLength { get; init; }

    public int MaxLength { get; init; }

    public string? Pattern { get; init; }
}
