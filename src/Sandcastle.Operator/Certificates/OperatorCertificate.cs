using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Certificates;

/// <summary>
/// The certificate by which the operator asks managers, and the authority that theirs must have: from files that are read again when they
/// have changed, or from the Secret. Thread-safe.
/// </summary>
internal sealed class OperatorCertificate(ApiClient api, OperatorOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ReadAgain = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1);
    private Material? _material;
    private DateTimeOffset _readAt;

    /// <summary>What TLS needs to connect to a manager.</summary>
    /// <exception cref="ApiException">There is no certificate yet.</exception>
    /// <exception cref="InvalidOperationException">It came without its authority.</exception>
    internal async Task<SslClientAuthenticationOptions> ForAsync(string serverName, CancellationToken cancellationToken)
    {
        var material = await ReadAsync(cancellationToken);
        return new SslClientAuthenticationOptions
        {
            TargetHost = serverName,
            ClientCertificateContext = material.Context,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                VerificationTime = time.GetLocalNow().DateTime,
                CustomTrustStore = { },
            }.Trusting(material.Trusted),
        };
    }

    public void Dispose() => _gate.Dispose();

    private async Task<Material> ReadAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_material is { } known && time.GetUtcNow() < _readAt + ReadAgain)
            {
                return known;
            }

            var secret = options.TlsDirectory is { } directory
                ? (Certificate: await FileAsync(directory, "tls.crt", cancellationToken), Key: await FileAsync(directory, "tls.key", cancellationToken), Bundle: await FileAsync(directory, "ca.crt", cancellationToken))
                : await SecretAsync(cancellationToken);
            using var ephemeral = X509Certificate2.CreateFromPem(secret.Certificate, secret.Key);
            // Some TLS stacks refuse a key that has never been in a file's form.
            var certificate = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
            var trusted = Authority.Read(secret.Bundle);
            if (trusted.Count == 0)
            {
                throw new InvalidOperationException(
                    $"{options.TlsDirectory ?? $"Secret {options.Namespace}/{CertificateOptions.OperatorSecret}"} has no ca.crt: an issuer that does not say its authority cannot be used here");
            }

            _material = new Material(SslStreamCertificateContext.Create(certificate, [.. Authority.Read(secret.Certificate).Skip(1)], offline: true), trusted);
            _readAt = time.GetUtcNow();
            return _material;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<(string Certificate, string Key, string Bundle)> SecretAsync(CancellationToken cancellationToken)
    {
        var secret = Json.Read<Secret>(await api.GetAsync(ResourceKind.Secrets, new ObjectKey(options.Namespace, CertificateOptions.OperatorSecret), cancellationToken));
        return (secret.Text("tls.crt"), secret.Text("tls.key"), secret.Text("ca.crt"));
    }

    private static Task<string> FileAsync(string directory, string name, CancellationToken cancellationToken) =>
        File.ReadAllTextAsync(Path.Combine(directory, name), cancellationToken);

    private sealed record Material(SslStreamCertificateContext Context, IReadOnlyList<X509Certificate2> Trusted);
}
