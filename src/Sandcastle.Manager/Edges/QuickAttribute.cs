namespace Sandcastle.Manager.Edges;

/// <summary>Marks an endpoint that neither blocks nor computes for long: it may run on the thread that polls the sockets.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class QuickAttribute : Attribute;
