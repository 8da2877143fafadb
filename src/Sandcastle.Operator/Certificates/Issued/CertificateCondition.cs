namespace Sandcastle.Operator.Certificates.Issued;

/// <summary>A line of a Certificate's status; of cert-manager's own shape, in which little is required.</summary>
public sealed record CertificateCondition
{
    public string Type { get; init; } = "";

    public string Status { get; init; } = "";

    public string Reason { get; init; } = "";

    public string Message { get; init; } = "";

    public DateTimeOffset? LastTransitionTime { get; init; }

    /// <summary>The generation that this was said of.</summary>
    public long? ObservedGeneration { get; init; }
}
