using System.Text;
using Sandcastle.Cli;
using Sandcastle.Kubectl.ApiServer;
using Sandcastle.Kubectl.Objects;

namespace Sandcastle.Kubectl.Proxy;

/// <summary>
/// The token that the manager knows the tenant by: of a service account of the tenant's namespace, for the audience <c>sandcastle</c>
/// alone, so that it opens nothing else. Kept in memory and renewed before it expires; never on disk, where it would have to be guarded
/// and would spare one request of a connection that is open anyway.
/// </summary>
internal sealed class TenantToken(ApiClient api, string ownNamespace, string serviceAccount, TimeProvider clock) : IDisposable
{
    public const string DefaultServiceAccount = "sandcastle-user";
    public const string Audience = "sandcastle";

    /// <summary>The least that an API server grants.</summary>
    private const int LifetimeSeconds = 600;

    private readonly SemaphoreSlim _one = new(1);
    private string _token = "";
    private long _renewFrom;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_token.Length == 0 || clock.GetTimestamp() >= _renewFrom)
            {
                await RequestAsync(cancellationToken);
            }

            return _token;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>How long it is good for is counted here by the time that passes: the API server's clock may be another.</summary>
    private async Task RequestAsync(CancellationToken cancellationToken)
    {
        const double Part = 0.8;
        var asked = clock.GetTimestamp();
        var answer = await api.CreateAsync(
            $"api/v1/namespaces/{ownNamespace}/serviceaccounts/{serviceAccount}/token", Request(), cancellationToken);
        _token = answer.Text("status", "token")
            ?? throw new CommandException("the API server answered a TokenRequest without a token", ExitCodes.Failure);
        var lifetime = answer.Number("spec", "expirationSeconds") ?? LifetimeSeconds;
        _renewFrom = asked + (long)(lifetime * Part * clock.TimestampFrequency);
    }

    private static byte[] Request() => Encoding.UTF8.GetBytes($$$"""
        {"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["{{{Audience}}}"],"expirationSeconds":{{{LifetimeSeconds}}}}}
        """);
}
