using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sandcastle.Client.Json;
using Sandcastle.Client.Transports;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Client;

/// <summary>Keys, tenants and the ledger: calls that need a key with scope <c>admin</c>.</summary>
public sealed partial class SandcastleClient
{
    /// <summary>The keys there are, without their secrets.</summary>
    /// <param name="tenant">Null: of every tenant.</param>
    /// <param name="cancellationToken">Closes the connection.</param>
    public async Task<IReadOnlyList<KeyResponse>> GetKeysAsync(string? tenant = null, CancellationToken cancellationToken = default) =>
        (await GetAsync(tenant is null ? "v1/keys" : $"v1/keys?tenant={Uri.EscapeDataString(tenant)}", ClientJson.Context.KeysResponse, cancellationToken)).Keys;

    /// <summary>Makes a key; <see cref="KeyResponse.Key"/> is its secret, which is told this once.</summary>
    public Task<KeyResponse> CreateKeyAsync(KeyRequest request, CancellationToken cancellationToken = default) =>
        SendAsync("POST", "v1/keys", request, ClientJson.Context.KeyRequest, ClientJson.Context.KeyResponse, cancellationToken);

    /// <summary>Gives a key a new secret; the old one is good for the overlap.</summary>
    public Task<KeyResponse> RotateKeyAsync(string id, KeyRotation rotation, CancellationToken cancellationToken = default) => SendAsync(
        "POST", $"v1/keys/{Uri.EscapeDataString(id)}/rotate", rotation, ClientJson.Context.KeyRotation, ClientJson.Context.KeyResponse, cancellationToken);

    /// <summary>The key is good no more: at once at the manager that answers, within two seconds at the others.</summary>
    public async Task<KeyResponse> RevokeKeyAsync(string id, CancellationToken cancellationToken = default)
    {
        using var answer = await SendAsync(new RestCall("DELETE", $"v1/keys/{Uri.EscapeDataString(id)}"), cancellationToken);
        return await ReadAsync(answer, ClientJson.Context.KeyResponse, cancellationToken);
    }

    /// <summary>The tenants that have terms of their own, and the terms of all others.</summary>
    public Task<TenantsResponse> GetTenantsAsync(CancellationToken cancellationToken = default) =>
        GetAsync("v1/tenants", ClientJson.Context.TenantsResponse, cancellationToken);

    /// <summary>A tenant's terms as they are in force, its own or the defaults.</summary>
    public Task<TenantResponse> GetTenantAsync(string name, CancellationToken cancellationToken = default) =>
        GetAsync($"v1/tenants/{Uri.EscapeDataString(name)}", ClientJson.Context.TenantResponse, cancellationToken);

    /// <summary>Gives a tenant these terms in place of all that it had.</summary>
    public Task<TenantResponse> SetTenantAsync(string name, TenantRequest terms, CancellationToken cancellationToken = default) => SendAsync(
        "PUT", $"v1/tenants/{Uri.EscapeDataString(name)}", terms, ClientJson.Context.TenantRequest, ClientJson.Context.TenantResponse, cancellationToken);

    /// <summary>Takes a tenant's own terms away; the answer has the defaults, which hold from then on.</summary>
    public async Task<TenantResponse> RemoveTenantAsync(string name, CancellationToken cancellationToken = default)
    {
        using var answer = await SendAsync(new RestCall("DELETE", $"v1/tenants/{Uri.EscapeDataString(name)}"), cancellationToken);
        return await ReadAsync(answer, ClientJson.Context.TenantResponse, cancellationToken);
    }

    /// <summary>What tenants use and want, as the manager that answers sees it.</summary>
    public Task<TenantUsesResponse> GetTenantUsesAsync(CancellationToken cancellationToken = default) =>
        GetAsync("v1/tenants/use", ClientJson.Context.TenantUsesResponse, cancellationToken);

    /// <summary>Has the books proven, all of them, as they are at this moment. It takes as long as reading them.</summary>
    public Task<LedgerProofResponse> VerifyLedgerAsync(CancellationToken cancellationToken = default) =>
        GetAsync("v1/ledger/verify", ClientJson.Context.LedgerProofResponse, cancellationToken);

    private async Task<TAnswer> SendAsync<TRequest, TAnswer>(
        string method, string path, TRequest body, JsonTypeInfo<TRequest> type, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new RestCall(method, path) { Body = JsonSerializer.SerializeToUtf8Bytes(body, type) }, cancellationToken);
        return await ReadAsync(answer, answerType, cancellationToken);
    }
}
