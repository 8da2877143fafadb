using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>A manager's endpoint over HTTP, behind which nothing runs: tenants use what the test says.</summary>
internal sealed class PlayedManager : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, TenantUseResponse> _tenants = new(StringComparer.Ordinal);
    private readonly Task _serving;

    internal PlayedManager()
    {
        Port = Ports.Free();

        // By whatever name: the operator says the managers' in the Host header.
        _listener.Prefixes.Add($"http://+:{Port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    internal int Port { get; }

    internal void Set(string tenant, long cpuMillis, long memoryMib = 0, DateTimeOffset? spentUntil = null) => _tenants[tenant] = new TenantUseResponse
    {
        Tenant = tenant,
        Running = cpuMillis > 0 ? 1 : 0,
        Waiting = 0,
        CpuMillis = cpuMillis,
        CpuMillisP95 = cpuMillis,
        CommittedMemoryMib = memoryMib,
        WaitingMemoryMib = 0,
        Pressed = false,
        BudgetSpent = spentUntil is not null,
        BudgetRefillsAt = spentUntil,
    };

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // Closed.
            }

            var known = context.Request.Url!.AbsolutePath == "/v1/tenants/use";
            context.Response.StatusCode = known ? 200 : 404;
            context.Response.ContentType = "application/json";
            var answer = new TenantUsesResponse { Manager = "played", Tenants = [.. _tenants.Values] };
            await context.Response.OutputStream.WriteAsync(known ? JsonSerializer.SerializeToUtf8Bytes(answer, RestJson.Default.TenantUsesResponse) : "{}"u8.ToArray());
            context.Response.Close();
        }
    }
}
