using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>The API as it is spoken: paths and objects. One identity each.</summary>
internal sealed class ApiClient : IDisposable
{
    private const string MergePatch = "application/merge-patch+json";
    private const string ApplyPatch = "application/apply-patch+yaml";

    private readonly HttpClient _http;
    private readonly SocketsHttpHandler _handler = new();

    /// <param name="server">Address of the API server.</param>
    /// <param name="authority">The only one it trusts.</param>
    /// <param name="identity">Client certificate and key files; null for a bearer token.</param>
    /// <param name="token">Instead of a certificate.</param>
    internal ApiClient(Uri server, string authority, (string Certificate, string Key)? identity, string? token = null)
    {
        var trusted = X509CertificateLoader.LoadCertificateFromFile(authority);
        _handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => IsSignedBy(trusted, certificate!);
        if (identity is { } files)
        {
            // Through PKCS#12: a key that was only read into memory cannot be used for TLS on every platform.
            using var pair = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            _handler.SslOptions.ClientCertificates = [X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null)];
        }

        _http = new HttpClient(_handler) { BaseAddress = server, Timeout = TimeSpan.FromMinutes(2) };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    internal HttpClient Http => _http;

    /// <summary>Its connections, for clients of another kind. Without the header of a bearer.</summary>
    internal HttpMessageHandler Handler => _handler;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    internal Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, null);

    internal Task<Answer> CreateAsync(string path, JsonObject item) => SendAsync(HttpMethod.Post, path, item, "application/json");

    internal Task<Answer> MergeAsync(string path, JsonObject patch) => SendAsync(HttpMethod.Patch, path, patch, MergePatch);

    internal Task<Answer> ApplyAsync(string path, JsonObject item) =>
        SendAsync(HttpMethod.Patch, $"{path}?fieldManager=tests&force=true", item, ApplyPatch);

    internal Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null, null);

    /// <summary>Reads until it is as wanted, and says what it was last when the test's time is over.</summary>
    internal async Task<JsonObject> WaitForAsync(string path, Func<JsonObject, bool> wanted, TimeSpan? patience = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        limit.CancelAfter(patience ?? TimeSpan.FromSeconds(60));
        Answer? last = null;
        while (true)
        {
            last = await GetAsync(path);
            if (last.Succeeded && wanted(last.Object))
            {
                return last.Object;
            }

            try
            {
                await Task.Delay(50, limit.Token);
            }
            catch (OperationCanceledException e) when (!CancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"{path} was last {last.Status}: {last.Text}", e);
            }
        }
    }

    /// <summary>Waits until nothing is at the path.</summary>
    internal async Task WaitForGoneAsync(string path, TimeSpan? patience = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        limit.CancelAfter(patience ?? TimeSpan.FromSeconds(60));
        while ((await GetAsync(path)).Status != HttpStatusCode.NotFound)
        {
            await Task.Delay(50, limit.Token);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpMethod method, string path, JsonObject? body, string? type)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(type!));
        }

        using var response = await _http.SendAsync(request, CancellationToken);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(CancellationToken));
    }

    private static bool IsSignedBy(X509Certificate2 authority, X509Certificate certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var copy = new X509Certificate2(certificate);
        return chain.Build(copy);
    }
}
