namespace Sandcastle.Manager.Edges;

/// <summary>Marks an endpoint that answers without a key, because it tells nothing about anybody.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpenToAllAttribute : Attribute;
