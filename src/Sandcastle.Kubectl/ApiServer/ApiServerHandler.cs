using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Sandcastle.Cli;
using Sandcastle.Kubectl.Credentials;
using Sandcastle.Kubectl.Kubeconfigs;

namespace Sandcastle.Kubectl.ApiServer;

/// <summary>
/// Carries requests to the API server of a context as its user. What the API server itself refuses becomes a sentence; what somebody
/// behind its proxy answers passes.
/// </summary>
internal sealed class ApiServerHandler : HttpMessageHandler
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    private readonly KubeContext _context;
    private readonly ICredentialSource _credentials;
    private readonly Lock _lock = new();
    private HttpMessageInvoker? _connections;
    private X509Certificate2Collection? _certificates;

    public ApiServerHandler(KubeContext context, TimeProvider clock)
    {
        _context = context;
        _credentials = context.User.Exec is null ? new StoredCredentials(context) : new PluginCredentials(context, clock);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var credential = await _credentials.GetAsync(cancellationToken);
        Identify(request, credential);
        try
        {
            var response = await Connections(credential.Certificates).SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode ? response : await RefuseAsync(request, response, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable.Of(_context, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable.Of(_context, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _connections?.Dispose();
            (_credentials as IDisposable)?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> RefuseAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var asked = ApiRequest.Of(request.Method, request.RequestUri!, _context.Cluster.Server);
        if (await ApiStatus.ReadAsync(response, asked.IsProxied, cancellationToken) is not { } status)
        {
            return response;
        }

        response.Dispose();
        throw Refusal.Of(_context, asked, status);
    }

    private void Identify(HttpRequestMessage request, Credential credential)
    {
        request.Headers.Authorization = credential.Authorization;
        request.Headers.TryAddWithoutValidation("User-Agent", "kubectl-sandcastle");
        foreach (var (name, value) in _context.User.Impersonation)
        {
            request.Headers.Add(name, value);
        }

        if (_context.Cluster.TlsServerName is { } server)
        {
            // The name in this header is the one that the server's certificate is asked for.
            request.Headers.Host = server;
        }
    }

    /// <summary>A client certificate belongs to its connections: another one means others.</summary>
    private HttpMessageInvoker Connections(X509Certificate2Collection? certificates)
    {
        lock (_lock)
        {
            if (_connections is null || !ReferenceEquals(_certificates, certificates))
            {
                // Requests may still be under way on the old connections; they end by themselves.
                _connections = new HttpMessageInvoker(Handler(_context.Cluster, certificates));
                _certificates = certificates;
            }

            return _connections;
        }
    }

    private static SocketsHttpHandler Handler(ClusterEntry cluster, X509Certificate2Collection? certificates)
    {
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = ConnectTimeout };
        if (cluster.ProxyUrl is { } proxy)
        {
            handler.Proxy = new WebProxy(proxy) { Credentials = Account(proxy) };
        }

        if (certificates is not null)
        {
            handler.SslOptions.ClientCertificateContext =
                SslStreamCertificateContext.Create(certificates[0], [.. certificates.Skip(1)], offline: true);
        }

        if (cluster.SkipTlsVerify)
        {
#pragma warning disable CA5359 // insecure-skip-tls-verify: the kubeconfig says so.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (cluster.AuthorityPem is { } authority)
        {
            handler.SslOptions.CertificateChainPolicy = Trust(authority);
        }

        return handler;
    }

    /// <summary>Of http://USER:PASSWORD@HOST.</summary>
    private static NetworkCredential? Account(Uri proxy) => proxy.UserInfo.Split(':', 2) is [var name, var password]
        ? new NetworkCredential(Uri.UnescapeDataString(name), Uri.UnescapeDataString(password))
        : null;

    /// <summary>The authorities of the kubeconfig and no others; there may be several, while one takes over from the other.</summary>
    private static X509ChainPolicy Trust(string authorityPem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authorityPem);
        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new CommandException("certificate-authority of the kubeconfig has no certificate in PEM", ExitCodes.Configuration);
    }
}
