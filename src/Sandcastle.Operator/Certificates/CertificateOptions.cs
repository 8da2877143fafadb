namespace Sandcastle.Operator.Certificates;

/// <summary>How long certificates last, and for whom they are.</summary>
public sealed record CertificateOptions
{
    public const string AuthoritySecret = "sandcastle-ca";
    public const string ManagerSecret = "sandcastle-manager-tls";
    public const string OperatorSecret = "sandcastle-operator-tls";
    public const string WorkerSecret = Pods.WorkerPod.TlsSecret;

    /// <summary>Who makes them.</summary>
    public CertificateSource Source { get; init; }

    /// <summary>Which of cert-manager's issuers signs, where it makes them.</summary>
    public IssuerReference Issuer { get; init; } = IssuerReference.Default;

    public TimeSpan AuthorityTime { get; init; } = TimeSpan.FromDays(5 * 365);

    public TimeSpan LeafTime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long everybody trusts a new authority before anything is signed by it: kubelets bring changed Secrets within minutes.</summary>
    public TimeSpan Overlap { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How often everything is looked at.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The managers' Service: its DNS names stand in their certificate.</summary>
    public string ManagerService { get; init; } = "sandcastle-manager";
}
