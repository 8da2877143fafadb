using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Pods;

/// <summary>A worker's Pod, as far as it is read here.</summary>
public sealed record Pod : KubeObject
{
    public PodSpec Spec { get; init; } = new();

    public PodStatus Status { get; init; } = new();

    /// <summary>Null where it is the usual one: a port in a Pod's own address needs no other.</summary>
    internal int? LinkPort =>
        Metadata.Annotations.TryGetValue(Labels.LinkPort, out var text) && ushort.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var port) ? port : null;

    /// <summary>Its processes are over, whether or not the object is still there.</summary>
    internal bool IsOver => Status.Phase is "Succeeded" or "Failed";

    internal bool IsReady => !IsOver && !IsDeleting() && Status.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" });
}
