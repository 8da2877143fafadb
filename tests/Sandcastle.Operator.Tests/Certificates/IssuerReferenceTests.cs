using Sandcastle.Operator.Certificates;

namespace Sandcastle.Operator.Tests.Certificates;

public sealed class IssuerReferenceTests
{
    [Theory]
    [InlineData("ClusterIssuer/sandcastle", "cert-manager.io", "ClusterIssuer", "sandcastle")]
    [InlineData("Issuer/ours.example", "cert-manager.io", "Issuer", "ours.example")]
    [InlineData("AWSPCAClusterIssuer.awspca.cert-manager.io/pca", "awspca.cert-manager.io", "AWSPCAClusterIssuer", "pca")]
    public void TryParse_reads_what_it_writes(string text, string group, string kind, string name)
    {
        IssuerReference.TryParse(text, out var reference).ShouldBeTrue();

        reference.ShouldBe(new IssuerReference(group, kind, name));
        reference!.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sandcastle")]
    [InlineData("/sandcastle")]
    [InlineData("ClusterIssuer/")]
    [InlineData("clusterissuer/sandcastle")]
    [InlineData("ClusterIssuer/Sandcastle")]
    [InlineData("ClusterIssuer/a/b")]
    [InlineData("ClusterIssuer./a")]
    [InlineData("ClusterIssuer/a\n")]
    public void TryParse_of_what_names_no_issuer_is_false(string text) => IssuerReference.TryParse(text, out _).ShouldBeFalse();
}
