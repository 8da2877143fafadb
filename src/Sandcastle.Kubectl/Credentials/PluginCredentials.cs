using Sandcastle.Kubectl.Kubeconfigs;

namespace Sandcastle.Kubectl.Credentials;

/// <summary>Credentials that a program prints; it is run when they are needed first, and again when they have expired.</summary>
internal sealed class PluginCredentials(KubeContext context, TimeProvider clock) : ICredentialSource, IDisposable
{
    /// <summary>What is about to expire may have when it arrives.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _one = new(1);
    private PluginAnswer? _answer;
    private Credential _credential = Credential.None;

    public async ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_answer is null || _answer.ExpiresAt - Margin <= clock.GetUtcNow())
            {
                _answer = await CredentialPlugin.RunAsync(context, cancellationToken);
                _credential = Read(_answer);
            }

            return _credential;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private Credential Read(PluginAnswer answer) => new()
    {
        Authorization = answer.Token is { } token ? Credential.Bearer(token) : null,
        Certificates = answer is { CertificatePem: { } certificate, KeyPem: { } key }
            ? StoredCredentials.Certificates(certificate, key, $"user '{context.UserName}', as the credential plugin gives it,")
            : null,
    };
}
