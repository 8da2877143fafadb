using Microsoft.Extensions.DependencyInjection;
using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Load;
using Sandcastle.Operator.Retail;

namespace Sandcastle.Operator.Tests;

public sealed class OperatorOptionsTests
{
    private static readonly OperatorOptions Good = new();

    public static TheoryData<string, OperatorOptions> Bad => new()
    {
        { "Workers", Good with { Workers = 0 } },
        { "Workers", Good with { Workers = 65 } },
        { "LoadPeriod", Good with { LoadPeriod = TimeSpan.Zero } },
        { "Managers.Timeout", Good with { Managers = new ManagerLoadOptions { Timeout = TimeSpan.Zero } } },
        { "Managers.Scheme", Good with { Managers = new ManagerLoadOptions { Scheme = "ftp" } } },
        { "Retail.Queue", Good with { Retail = new RetailOptions { Queue = "" } } },
        { "Retail.Oversubscription", Good with { Retail = new RetailOptions { Oversubscription = 0 } } },
        { "Retail.Oversubscription", Good with { Retail = new RetailOptions { Oversubscription = double.NaN } } },
        { "Retail.GrowAfter", Good with { Retail = new RetailOptions { GrowAfter = TimeSpan.FromSeconds(-1) } } },
        { "Retail.ShrinkAfter", Good with { Retail = new RetailOptions { ShrinkAfter = TimeSpan.FromSeconds(-1) } } },
        { "Retail.ChangeEvery", Good with { Retail = new RetailOptions { ChangeEvery = TimeSpan.Zero } } },
        { "Retail.QuotaEvery", Good with { Retail = new RetailOptions { QuotaEvery = TimeSpan.Zero } } },
        { "Retail.UseTime", Good with { Retail = new RetailOptions { UseTime = TimeSpan.Zero } } },
        { "Retail.LifecyclesPerSecond", Good with { Retail = new RetailOptions { LifecyclesPerSecond = 0 } } },
        { "Lease.Identity", Good with { Lease = new LeaseOptions { Identity = "" } } },
        { "Lease.RetryPeriod", Good with { Lease = Good.Lease with { RetryPeriod = TimeSpan.Zero } } },
        { "Lease.RenewDeadline", Good with { Lease = Good.Lease with { RetryPeriod = TimeSpan.FromSeconds(10) } } },
        { "Lease.Duration", Good with { Lease = Good.Lease with { Duration = TimeSpan.FromSeconds(10) } } },
        { "Certificates.Period", Good with { Certificates = new CertificateOptions { Period = TimeSpan.Zero } } },
        { "Certificates.LeafTime", Good with { Certificates = new CertificateOptions { LeafTime = TimeSpan.FromHours(1) } } },
        { "Certificates.LeafTime", Good with { Certificates = new CertificateOptions { LeafTime = TimeSpan.FromDays(367) } } },
        { "Certificates.AuthorityTime", Good with { Certificates = new CertificateOptions { AuthorityTime = TimeSpan.FromDays(30) } } },
        { "Certificates.Overlap", Good with { Certificates = new CertificateOptions { Overlap = TimeSpan.FromDays(365) } } },
    };

    [Fact]
    public void Faults_of_the_defaults_are_none() => Good.Faults().ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Bad))]
    public void Faults_of_what_cannot_be_name_the_field(string field, OperatorOptions options) =>
        options.Faults().ShouldHaveSingleItem().ShouldStartWith(field);

    [Fact]
    public void AddOperator_of_bad_options_tells_everything_at_once() =>
        Should.Throw<ArgumentException>(() => new ServiceCollection().AddOperator(Good with { Workers = 0, LoadPeriod = TimeSpan.Zero }))
            .Message.ShouldContain("Workers is 0; it must be between 1 and 64; LoadPeriod is 00:00:00; it must be above 0");
}
