namespace Sandcastle.Manager.Edges;

/// <summary>Marks an endpoint that our operator may ask, by its certificate.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpenToOperatorAttribute : Attribute;
