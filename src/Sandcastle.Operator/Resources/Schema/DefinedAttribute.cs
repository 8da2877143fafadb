namespace Sandcastle.Operator.Resources.Schema;

/// <summary>A type that has a CustomResourceDefinition.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class DefinedAttribute(string plural, string shortName) : Attribute
{
    public string Plural { get; } = plural;

    public string ShortName { get; } = shortName;

    /// <summary>JSON paths of the scale subresource: wanted, seen, selector; absent without one.</summary>
    public string? ReplicasPath { get; init; }

    public string? StatusReplicasPath { get; init; }

    public string? SelectorPath { get; init; }
}
