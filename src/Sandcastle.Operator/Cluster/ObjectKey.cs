namespace Sandcastle.Operator.Cluster;

/// <summary>Which object of its kind.</summary>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
