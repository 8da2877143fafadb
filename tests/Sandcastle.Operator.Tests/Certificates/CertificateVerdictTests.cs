using Sandcastle.Operator.Certificates.Issued;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Tests.Certificates;

public sealed class CertificateVerdictTests
{
    private static readonly DateTimeOffset Made = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_one_that_is_ready_and_in_its_time_is_issued() =>
        Reason(Issued(), Made.AddDays(19)).ShouldBe((true, "Issued"));

    [Fact]
    public void Of_one_that_is_new_is_a_matter_of_seconds()
    {
        Reason(new CertificateStatus(), Made.AddSeconds(10)).ShouldBe((false, "Issuing"));
        Reason(Says("False", "DoesNotExist"), Made.AddSeconds(59)).ShouldBe((false, "Issuing"));
    }

    [Fact]
    public void Of_one_that_waits_for_more_than_a_minute_is_not_issued()
    {
        Reason(new CertificateStatus(), Made.AddSeconds(61)).ShouldBe((false, "NotIssued"));
        Reason(Says("False", "DoesNotExist"), Made.AddSeconds(61)).ShouldBe((false, "NotIssued"));
        Reason(Says("Unknown", "Whatever"), Made.AddSeconds(61)).ShouldBe((false, "NotIssued"));
    }

    [Fact]
    public void Of_one_that_failed_is_not_issued_at_once() =>
        Reason(Says("False", "DoesNotExist") with { LastFailureTime = Made }, Made.AddSeconds(1)).ShouldBe((false, "NotIssued"));

    [Fact]
    public void Of_one_that_is_not_issued_has_cert_manager_s_words()
    {
        var status = new CertificateStatus
        {
            Conditions =
            [
                new CertificateCondition { Type = "Ready", Status = "False", Message = "Secret does not exist." },
                new CertificateCondition { Type = "Issuing", Status = "False", Reason = "Failed", Message = "The issuer said no." },
            ],
        };

        CertificateVerdict.Of(Certificate(status), Made).Message.ShouldBe("Certificate pools/sandcastle-worker-tls is not issued: Secret does not exist. The issuer said no.");
        CertificateVerdict.Of(Certificate(new CertificateStatus()), Made).Message.ShouldEndWith("cert-manager has said nothing of it yet.");
    }

    [Fact]
    public void Of_one_that_has_ended_is_expired_whatever_its_condition_says()
    {
        var verdict = CertificateVerdict.Of(Certificate(Issued()), Made.AddDays(30));

        (verdict.IsReady, verdict.Reason).ShouldBe((false, "Expired"));
        verdict.Message.ShouldContain("2026-12-26T12:00:00Z");
    }

    /// <summary>A controller that is not there leaves a condition that was true once.</summary>
    [Fact]
    public void Of_one_that_is_not_renewed_is_overdue_at_half_of_what_is_left()
    {
        Reason(Issued(), Made.AddDays(24.9)).ShouldBe((true, "Issued"));
        Reason(Issued(), Made.AddDays(25.1)).ShouldBe((false, "Overdue"));
    }

    [Fact]
    public void Of_one_that_was_changed_since_is_not_known()
    {
        var certificate = Certificate(Issued()) with { Metadata = new ObjectMeta { Name = "sandcastle-worker-tls", Namespace = "pools", Generation = 2, CreationTimestamp = Made } };

        CertificateVerdict.Of(certificate, Made.AddDays(1)).Reason.ShouldBe("Issuing");
        CertificateVerdict.Of(certificate, Made.AddDays(31)).Reason.ShouldBe("Expired");
    }

    private static (bool, string) Reason(CertificateStatus status, DateTimeOffset now)
    {
        var verdict = CertificateVerdict.Of(Certificate(status), now);
        return (verdict.IsReady, verdict.Reason);
    }

    private static Certificate Certificate(CertificateStatus status) => new()
    {
        Metadata = new ObjectMeta { Name = "sandcastle-worker-tls", Namespace = "pools", Generation = 1, CreationTimestamp = Made },
        Status = status,
    };

    private static CertificateStatus Issued() => Says("True", "Ready") with { NotAfter = Made.AddDays(30), RenewalTime = Made.AddDays(20) };

    private static CertificateStatus Says(string status, string reason) => new()
    {
        Conditions = [new CertificateCondition { Type = "Ready", Status = status, Reason = reason, Message = "x", LastTransitionTime = Made, ObservedGeneration = 1 }],
    };
}
