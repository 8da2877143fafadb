namespace Sandcastle.Operator.Load;

/// <summary>Whether a Pod behind a Service takes requests.</summary>
public sealed record EndpointConditions
{
    /// <summary>Unknown counts as ready.</summary>
    public bool? Ready { get; init; }
}
