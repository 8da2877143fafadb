namespace Sandcastle.Manager.Edges;

/// <summary>Marks an endpoint that other managers may ask, by their certificate, and nobody else, whatever his key.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeersOnlyAttribute : Attribute;
