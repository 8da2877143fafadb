using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sandcastle.Cli;
using Sandcastle.Kubectl.Kubeconfigs;

namespace Sandcastle.Kubectl.Credentials;

/// <summary>Credentials that the kubeconfig holds or names.</summary>
internal sealed class StoredCredentials : ICredentialSource
{
    private readonly KubeContext _context;
    private readonly X509Certificate2Collection? _certificates;

    /// <exception cref="CommandException">The certificate or its key is none.</exception>
    public StoredCredentials(KubeContext context)
    {
        _context = context;
        _certificates = context.User is { CertificatePem: { } certificate, KeyPem: { } key }
            ? Certificates(certificate, key, $"user '{context.UserName}' of the kubeconfig")
            : null;
    }

    public ValueTask<Credential> GetAsync(CancellationToken cancellationToken) =>
        new(new Credential { Authorization = Authorization(), Certificates = _certificates });

    /// <param name="certificatePem">The certificate, then those that lead to its issuer.</param>
    /// <param name="keyPem">Its private key.</param>
    /// <param name="owner">Named when they do not fit.</param>
    public static X509Certificate2Collection Certificates(string certificatePem, string keyPem, string owner)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificatePem);
            return [X509Certificate2.CreateFromPem(certificatePem, keyPem), .. chain.Skip(1)];
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CommandException($"the client certificate of {owner} cannot be used: {e.Message}", ExitCodes.Configuration, e);
        }
    }

    private AuthenticationHeaderValue? Authorization() => _context.User switch
    {
        { TokenFile: { } file } => Credential.Bearer(ReadToken(file)),
        { Token: { } token } => Credential.Bearer(token),
        { Username: { } name, Password: { } password } =>
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"))),
        _ => null,
    };

    private string ReadToken(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"the token of user '{_context.UserName}' cannot be read: {e.Message}", ExitCodes.Configuration, e);
        }
    }
}
