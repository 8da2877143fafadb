using Sandcastle.Kubectl.Tests.Clusters;
using Sandcastle.Testing.ApiServer.Identity;

namespace Sandcastle.Kubectl.Tests.ApiServer;

/// <summary>Each kind of credentials that a kubeconfig can have, at an API server that tells who came.</summary>
public sealed class CredentialTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Client_certificate_says_who_comes()
    {
        _cluster.Api.WriteKubeconfig(_cluster.Kubeconfig, certificate: _cluster.Api.Authority!.ForUser("carl", "system:masters"), @namespace: "ml");

        (await WhoAsync()).ShouldBe("carl");
    }

    [Fact]
    public async Task Client_certificate_of_files_says_who_comes()
    {
        var (certificate, key) = _cluster.Api.Authority!.ForUser("carl", "system:masters");
        _cluster.Write("pki/carl.crt", certificate);
        _cluster.Write("pki/carl.key", key);
        _cluster.Write("pki/ca.crt", OtherAuthority() + _cluster.Api.Authority.Pem);

        (await WhoAsync("{client-certificate: pki/carl.crt, client-key: pki/carl.key}", "certificate-authority: pki/ca.crt")).ShouldBe("carl");
    }

    [Fact]
    public async Task Token_of_a_file_is_read_when_it_is_needed()
    {
        Admin("tina", "tina-token");
        _cluster.Write("tina", "tina-token\n");

        (await WhoAsync("{tokenFile: tina}", Trust)).ShouldBe("tina");
    }

    [Fact]
    public async Task Token_of_a_plugin_says_who_comes()
    {
        Admin("paul", "paul-token");
        _cluster.Write("bin/plugin", """
            #!/bin/sh
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"paul-token"}}'

            """, executable: true);

        (await WhoAsync("{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: IfAvailable, command: bin/plugin}}", Trust)).ShouldBe("paul");
    }

    [Fact]
    public async Task Plugin_that_fails_ends_the_command_before_anything_is_sent()
    {
        Kubeconfig("{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: /bin/false}}", Trust);
        _cluster.Api.Requests.Clear();

        var result = await _cluster.RunAsync("pool", "list");

        result.Stderr.ShouldBe("sandcastle: the credential plugin '/bin/false' of user 'u' failed with exit code 1\n");
        result.ExitCode.ShouldBe(78);
        _cluster.Api.Requests.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Server_that_nobody_vouches_for_is_spoken_to_only_where_the_kubeconfig_says_so()
    {
        Admin("tina", "tina-token");

        Kubeconfig("{token: tina-token}", "tls-server-name: localhost");
        (await _cluster.RunAsync("pool", "list")).ExitCode.ShouldBe(78);

        (await WhoAsync("{token: tina-token}", "insecure-skip-tls-verify: true")).ShouldBe("tina");
    }

    [Fact]
    public async Task Name_of_the_certificate_is_the_one_that_the_kubeconfig_says()
    {
        Admin("tina", "tina-token");

        (await WhoAsync("{token: tina-token}", $"{Trust}, tls-server-name: kubernetes.default.svc")).ShouldBe("tina");
        Kubeconfig("{token: tina-token}", $"{Trust}, tls-server-name: example.org");
        (await _cluster.RunAsync("pool", "list")).Stderr.ShouldContain("do not trust each other");
    }

    private string Trust => $"certificate-authority-data: {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(_cluster.Api.Authority!.Pem))}";

    private async Task<string> WhoAsync(string? user = null, string? cluster = null)
    {
        if (user is not null)
        {
            Kubeconfig(user, cluster!);
        }

        _cluster.Api.Requests.Clear();
        var result = await _cluster.RunAsync("pool", "list");
        result.ExitCode.ShouldBe(0, result.Stderr);
        return _cluster.Api.Requests.All.Single().Request.User;
    }

    private void Kubeconfig(string user, string cluster) => File.WriteAllText(_cluster.Kubeconfig, $$$"""
        current-context: k
        contexts: [{name: k, context: {cluster: c, user: u, namespace: ml}}]
        clusters: [{name: c, cluster: {server: "{{{_cluster.Api.Url.AbsoluteUri.TrimEnd('/')}}}", {{{cluster}}}}}]
        users: [{name: u, user: {{{user}}}}]
        """);

    private void Admin(string name, string token) =>
        _cluster.Api.Users.Add(new User { Name = name, Token = token, Groups = ["system:masters"] });

    /// <summary>A bundle has several authorities while one takes over from the other.</summary>
    private static string OtherAuthority()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=old", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        return certificate.ExportCertificatePem() + "\n";
    }
}
