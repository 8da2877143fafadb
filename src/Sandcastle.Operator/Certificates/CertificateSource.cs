namespace Sandcastle.Operator.Certificates;

/// <summary>Who signs, and keeps keys.</summary>
public enum CertificateSource
{
    /// <summary>The operator, with an authority of its own, in Secrets that it writes.</summary>
    Operator,

    /// <summary>cert-manager: the operator writes Certificates, and no key passes through its hands but its own.</summary>
    CertManager,
}
