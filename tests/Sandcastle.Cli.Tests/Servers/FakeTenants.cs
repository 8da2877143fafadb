using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Tests.Servers;

/// <summary>Keys and tenants as a server keeps them, and what was asked of it.</summary>
public sealed class FakeTenants
{
    public const string Secret = "e2b_00000000000000000000000000000000000000aa";

    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public List<string> Calls { get; } = [];

    public Dictionary<string, TenantRequest> Terms { get; } = new(StringComparer.Ordinal);

    internal void Map(WebApplication app, Func<HttpContext, Func<Task>, Task> authorized)
    {
        Route("POST", "/v1/keys", async context =>
        {
            var request = await ReadAsync(context, RestJson.Default.KeyRequest);
            await Answers.JsonAsync(context, Key(request.Tenant!) with { Name = request.Name, Scopes = request.Scopes ?? ["run", "read"], ExpiresAt = request.ExpiresAt, Key = Secret }, RestJson.Default.KeyResponse);
        });
        Route("GET", "/v1/keys", context => Answers.JsonAsync(context, new KeysResponse([Key("team-a"), Key("team-b") with { Name = "ci", ExpiresAt = Noon.AddDays(1) }]), RestJson.Default.KeysResponse));
        Route("POST", "/v1/keys/{id}/rotate", async context =>
        {
            var overlap = (await ReadAsync(context, RestJson.Default.KeyRotation)).OverlapMs ?? 3_600_000;
            await Answers.JsonAsync(context, Key("team-a") with { RotatedAt = Noon, PreviousUntil = Noon.AddMilliseconds(overlap), Key = Secret }, RestJson.Default.KeyResponse);
        });
        Route("DELETE", "/v1/keys/{id}", context => Answers.JsonAsync(context, Key("team-a"), RestJson.Default.KeyResponse));
        Route("GET", "/v1/tenants", context => Answers.JsonAsync(context, new TenantsResponse([.. Terms.Keys.Order(StringComparer.Ordinal).Select(Tenant)], new TenantRequest()), RestJson.Default.TenantsResponse));
        Route("GET", "/v1/tenants/use", context => Answers.JsonAsync(context, Uses, RestJson.Default.TenantUsesResponse));
        Route("GET", "/v1/tenants/{name}", context => Answers.JsonAsync(context, Tenant(Name(context)), RestJson.Default.TenantResponse));
        Route("PUT", "/v1/tenants/{name}", async context =>
        {
            Terms[Name(context)] = await ReadAsync(context, RestJson.Default.TenantRequest);
            await Answers.JsonAsync(context, Tenant(Name(context)), RestJson.Default.TenantResponse);
        });
        Route("DELETE", "/v1/tenants/{name}", context =>
        {
            Terms.Remove(Name(context));
            return Answers.JsonAsync(context, Tenant(Name(context)), RestJson.Default.TenantResponse);
        });

        void Route(string method, string pattern, RequestDelegate handler) => app.MapMethods(pattern, [method], context => authorized(context, () =>
        {
            Calls.Add($"{method} {context.Request.Path}{context.Request.QueryString}");
            return handler(context);
        }));
    }

    private static TenantUsesResponse Uses { get; } = new()
    {
        Manager = "host-1",
        Tenants =
        [
            new TenantUseResponse
            {
                Tenant = "team-a", Running = 2, Waiting = 1, CpuMillis = 1500, CpuMillisP95 = 2000, CommittedMemoryMib = 512, WaitingMemoryMib = 256,
                Pressed = true, BudgetSpent = true, BudgetRefillsAt = Noon,
            },
        ],
    };

    private static KeyResponse Key(string tenant) => new() { Id = "key_0123456789abcdef", Tenant = tenant, Scopes = ["run", "read"], CreatedAt = Noon };

    private static string Name(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private TenantResponse Tenant(string name)
    {
        var terms = Terms.GetValueOrDefault(name);
        return new TenantResponse { Name = name, Stored = terms is not null, Weight = terms?.Weight ?? 1, Limits = terms?.Limits, Budget = terms?.Budget, Templates = terms?.Templates };
    }

    private static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type) =>
        (await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted))!;
}
