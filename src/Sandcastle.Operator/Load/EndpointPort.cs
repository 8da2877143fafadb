namespace Sandcastle.Operator.Load;

/// <summary>A port of a Service's Pods.</summary>
public sealed record EndpointPort
{
    public string Name { get; init; } = "";

    public int? Port { get; init; }
}
