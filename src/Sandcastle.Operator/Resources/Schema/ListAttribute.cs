namespace Sandcastle.Operator.Resources.Schema;

/// <summary>How the API server merges a list: as a <c>set</c>, as a <c>map</c> by a key, or (without this) as one value.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListAttribute(string type, string? key = null) : Attribute
{
    public string Type { get; } = type;

    public string? Key { get; } = key;
}
