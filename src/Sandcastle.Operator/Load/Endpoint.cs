namespace Sandcastle.Operator.Load;

/// <summary>One Pod behind a Service.</summary>
public sealed record Endpoint
{
    public IReadOnlyList<string> Addresses { get; init; } = [];

    public EndpointConditions Conditions { get; init; } = new();
}
