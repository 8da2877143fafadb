using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Certificates.Issued;

/// <summary>What a Certificate's status means for those who wait for its Secret.</summary>
internal static class CertificateVerdict
{
    /// <summary>What cert-manager's own issuers take is less; behind others a person or another house may be.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    internal static CertificateState Of(Certificate certificate, DateTimeOffset now)
    {
        var status = certificate.Status;
        var name = $"Certificate {certificate.Metadata.Namespace}/{certificate.Metadata.Name}";
        var ready = status.Condition("Ready");
        var isOld = ready?.ObservedGeneration < certificate.Metadata.Generation;
        if (status.NotAfter is { } end && end <= now)
        {
            return new(false, "Expired", $"{name} has ended at {Json.Text(end)}, and cert-manager has not renewed it.");
        }

        if (ready?.Status != "True" || isOld)
        {
            return Waiting(name, certificate, isOld ? null : ready, now - (isOld ? now : Since(certificate, ready, now)));
        }

        // A controller that is gone leaves Ready as it was: what it should have done by now is the only sign.
        return status is { RenewalTime: { } due, NotAfter: { } last } && now > due + ((last - due) / 2)
            ? new(false, "Overdue", $"{name} should have been renewed at {Json.Text(due)}, and ends at {Json.Text(last)}; does cert-manager run?")
            : new(true, CertificateState.Issued, "cert-manager has issued every certificate.");
    }

    private static CertificateState Waiting(string name, Certificate certificate, CertificateCondition? ready, TimeSpan waited)
    {
        var issuing = certificate.Status.Condition("Issuing");
        var words = new[] { ready?.Message, issuing?.Message }.Where(text => !string.IsNullOrEmpty(text)).Distinct().ToList();
        var message = $"{name} is not issued: {(words.Count > 0 ? string.Join(" ", words) : "cert-manager has said nothing of it yet.")}";
        return new(false, waited > Patience || certificate.Status.LastFailureTime is not null ? "NotIssued" : CertificateState.Issuing, message);
    }

    private static DateTimeOffset Since(Certificate certificate, CertificateCondition? ready, DateTimeOffset now) =>
        ready?.LastTransitionTime ?? certificate.Metadata.CreationTimestamp ?? now;
}
