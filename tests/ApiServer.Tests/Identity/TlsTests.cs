using k8s;
using Sandcastle.Testing.ApiServer.Hosting;
using Sandcastle.Testing.ApiServer.Identity;

namespace Sandcastle.Testing.ApiServer.Tests.Identity;

public sealed class TlsTests : ServerTest
{
    protected override ApiServerOptions Options => new() { Tls = true, AnonymousIsAdmin = false };

    [Fact]
    public async Task Kubeconfig_with_a_token_opens_the_server()
    {
        Server.Users.Add(new User { Name = "alice", Token = "alice-token", Rules = [new AccessRule { Verbs = ["list"], Resources = ["pods"] }] });
        using var client = ThroughFile("alice", null);

        (await client.CoreV1.ListNamespacedPodAsync("default", cancellationToken: Cancellation)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Kubeconfig_with_a_client_certificate_names_user_and_groups()
    {
        using var client = ThroughFile(null, Server.Authority!.ForUser("bob", Caller.MastersGroup));
        using var other = ThroughFile(null, Server.Authority!.ForUser("carol"));

        (await client.CoreV1.ListSecretForAllNamespacesAsync(cancellationToken: Cancellation)).Items.ShouldBeEmpty();
        (await RefusedAsync(() => other.CoreV1.ListSecretForAllNamespacesAsync(cancellationToken: Cancellation))).Message.ShouldContain("User \"carol\" cannot list");
    }

    [Fact]
    public async Task Client_that_does_not_trust_the_authority_does_not_connect()
    {
        using var client = new Kubernetes(new KubernetesClientConfiguration { Host = Server.Url.ToString() });

        await Should.ThrowAsync<HttpRequestException>(() => client.CoreV1.ListNamespacedPodAsync("default", cancellationToken: Cancellation));
    }

    private Kubernetes ThroughFile(string? user, (string CertificatePem, string KeyPem)? certificate)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Server.WriteKubeconfig(path, user, certificate, "kube-system");
            var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(path);
            configuration.Namespace.ShouldBe("kube-system");
            return new Kubernetes(configuration);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
