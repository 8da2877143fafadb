namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>A resource in a flavor: what quota is counted by.</summary>
/// <param name="Flavor">Name of a ResourceFlavor.</param>
/// <param name="Resource">Such as <c>cpu</c>.</param>
public readonly record struct FlavorResource(string Flavor, string Resource);
