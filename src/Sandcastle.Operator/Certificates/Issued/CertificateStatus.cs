namespace Sandcastle.Operator.Certificates.Issued;

/// <summary>What cert-manager says of a Certificate.</summary>
public sealed record CertificateStatus
{
    public IReadOnlyList<CertificateCondition> Conditions { get; init; } = [];

    /// <summary>The end of what is in the Secret now.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>When it is to be renewed.</summary>
    public DateTimeOffset? RenewalTime { get; init; }

    /// <summary>When the last attempt failed; absent when it did not.</summary>
    public DateTimeOffset? LastFailureTime { get; init; }

    internal CertificateCondition? Condition(string type) => Conditions.FirstOrDefault(condition => condition.Type == type);
}
