namespace Sandcastle.Testing.ApiServer.Resources;

/// <summary>Where a scale subresource finds its figures; JSON paths of plain fields, such as <c>.spec.replicas</c>.</summary>
/// <param name="SpecReplicas">The wanted count.</param>
/// <param name="StatusReplicas">The count that is there.</param>
/// <param name="LabelSelector">A string with a selector, or null when there is none.</param>
public sealed record ScalePaths(string SpecReplicas, string StatusReplicas, string? LabelSelector);
