using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sandcastle.Link;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Tenants.Store;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Peers;

/// <summary>
/// The other managers on this ledger, asked for a run of theirs: a run's id says which of them gave it, the ledger which of those live and
/// where. Safe for concurrent use.
/// </summary>
public sealed partial class PeerManagers : IDisposable
{
    private readonly TenantStore _store;
    private readonly ManagerIdentity _self;
    private readonly PeerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<PeerManagers> _logger;
    private readonly HttpMessageInvoker? _http;

    internal PeerManagers(TenantStore store, ManagerIdentity self, PeerOptions options, TimeProvider clock, ILogger<PeerManagers> logger)
    {
        _store = store;
        _self = self;
        _options = options;
        _clock = clock;
        _logger = logger;
        _http = options.Dial is { } dial ? new HttpMessageInvoker(dial()) : null;
    }

    public void Dispose() => _http?.Dispose();

    /// <summary>A run of this tenant that one of them has, cancelled first or as it is. Null when none has it.</summary>
    /// <returns>Silent: one that may have it does not answer, which says nothing about the id but who gave it.</returns>
    internal async Task<(RunRecord? Record, bool Silent)> AskAsync(string tenant, RunId run, bool cancel, CancellationToken cancellationToken)
    {
        if (!_store.IsShared)
        {
            return (null, false);
        }

        var silent = false;
        foreach (var name in (await _store.ManagersAsync(cancellationToken)).Where(name => MayHave(name, run)))
        {
            try
            {
                if (await AskAsync(name, tenant, run, cancel, cancellationToken) is { } record)
                {
                    return (record, false);
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                LogSilent(name, e.Message);
                silent = true;
            }
        }

        return (null, silent);
    }

    private bool MayHave(string name, RunId run) => name != _self.Name && ManagerIdentity.TryReadOrigin(name, out var origin) && origin == run.Origin;

    private async Task<RunRecord?> AskAsync(string name, string tenant, RunId run, bool cancel, CancellationToken cancellationToken)
    {
        if (!ManagerIdentity.TryReadAddress(name, out var address))
        {
            throw new InvalidOperationException("it was started without --peer-address");
        }

        if (_http is null)
        {
            throw new InvalidOperationException("this manager was started without --tls-directory, and has nothing to show it");
        }

        using var late = new CancellationTokenSource(_options.Patience, _clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var where = new Uri($"https://{address}{PeerEndpoints.Path}{run}?{PeerEndpoints.Tenant}={Uri.EscapeDataString(tenant)}");
        using var question = new HttpRequestMessage(cancel ? HttpMethod.Delete : HttpMethod.Get, where);
        using var answer = await _http.SendAsync(question, limit.Token);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"it answered with {(int)answer.StatusCode}");
        }

        await answer.Content.LoadIntoBufferAsync(LinkLimits.MessageBytes, limit.Token);
        var record = KeptRunJson.Read(await answer.Content.ReadAsByteArrayAsync(limit.Token));
        return record.Id == run && record.Tenant == tenant ? record : throw new InvalidOperationException("it answered with another run");
    }

    /// <summary>Of a run whose manager lives and does not answer. Whoever asks for a neighbour's run, or for none, hears the same.</summary>
    internal static RefusalException Unreachable(RunId run) => new(new Refusal
    {
        Kind = RefusalKind.NoCapacity,
        Detail = $"the manager that would have '{run}' does not answer this one now",
        RetryAfter = TimeSpan.FromSeconds(1),
    });

    [LoggerMessage(Level = LogLevel.Warning, Message = "manager {Manager} could not be asked for a run: {Reason}")]
    private partial void LogSilent(string manager, string reason);
}
