namespace Sandcastle.Operator.Resources.Schema;

/// <summary>A column of <c>kubectl get</c>, in the order written.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ColumnAttribute(string name, string jsonPath, string type = "string") : Attribute
{
    public string Name { get; } = name;

    public string JsonPath { get; } = jsonPath;

    /// <summary><c>string</c>, <c>integer</c> or <c>date</c>.</summary>
    public string Type { get; } = type;

    /// <summary>1 is shown with <c>-o wide</c> only.</summary>
    public int Priority { get; init; }
}
