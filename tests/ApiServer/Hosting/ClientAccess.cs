using System.Text;
using k8s;
using Sandcastle.Testing.ApiServer.Identity;

namespace Sandcastle.Testing.ApiServer.Hosting;

/// <summary>How clients come in: configurations for the official client, and kubeconfig files for everything else.</summary>
internal sealed class ClientAccess(Uri url, Authority? authority)
{
    /// <summary>For KubernetesClient, with a bearer token or without.</summary>
    public KubernetesClientConfiguration Configuration(string? token) => new()
    {
        Host = url.ToString().TrimEnd('/'),
        AccessToken = token,
        SslCaCerts = authority is null ? null : [authority.Certificate],
    };

    /// <summary>A kubeconfig with one context, named <c>sandcastle-testing</c>.</summary>
    /// <param name="user">Whose token is in it; null for none.</param>
    /// <param name="certificate">A client certificate and its key, PEM; null for none.</param>
    /// <param name="namespace">The context's namespace.</param>
    public string Kubeconfig(User? user, (string CertificatePem, string KeyPem)? certificate, string @namespace)
    {
        var credentials = new StringBuilder();
        if (user is not null)
        {
            credentials.Append($"\n    token: {user.Token}");
        }

        if (certificate is { } pair)
        {
            credentials.Append($"\n    client-certificate-data: {Encode(pair.CertificatePem)}\n    client-key-data: {Encode(pair.KeyPem)}");
        }

        var trust = authority is null ? "" : $"\n    certificate-authority-data: {Encode(authority.Pem)}";
        return $$"""
            apiVersion: v1
            kind: Config
            current-context: sandcastle-testing
            clusters:
            - name: sandcastle-testing
              cluster:
                server: {{url.ToString().TrimEnd('/')}}{{trust.Replace("\n    ", "\n    ")}}
            users:
            - name: sandcastle-testing
              user:{{(credentials.Length == 0 ? " {}" : credentials)}}
            contexts:
            - name: sandcastle-testing
              context:
                cluster: sandcastle-testing
                user: sandcastle-testing
                namespace: {{@namespace}}

            """;
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
