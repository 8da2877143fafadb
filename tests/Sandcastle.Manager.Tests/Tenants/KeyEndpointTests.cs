using System.Net;
using System.Text.Json;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>A key's life: made, listed, rotated, past its time, revoked.</summary>
public sealed class KeyEndpointTests
{
    [Fact]
    public async Task Create_theSecretIsShownOnceAndStoredNowhere()
    {
        await using var server = await ManagerServer.StartAsync();
        var made = await CreateAsync(server, """{"tenant":"team-a","name":"ci","scopes":["read"],"expiresAt":"2100-01-01T00:00:00Z"}""");
        made.Key.ShouldNotBeNull().ShouldMatch("^e2b_[0-9a-f]{40}$");
        (made.Tenant, made.Name, made.ExpiresAt!.Value.Year).ShouldBe(("team-a", "ci", 2100));
        made.Scopes.ShouldBe(["read"]);
        (await ListAsync(server)).Single().ShouldSatisfyAllConditions(k => k.Key.ShouldBeNull(), k => k.Id.ShouldBe(made.Id));
        foreach (var file in Directory.GetFiles(server.Directory).Where(f => !f.EndsWith("api-key", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldNotContain(made.Key[4..]);
        }
    }

    [Fact]
    public async Task Key_chargesItsTenant()
    {
        await using var server = await ManagerServer.StartAsync();
        var made = await CreateAsync(server, """{"tenant":"team-a"}""");
        made.Scopes.ShouldBe(["run", "read"]);
        using var client = server.As(made.Key!);
        using var response = await client.PostAsync("/v1/runs", ManagerServer.Json(new RunRequest { Code = "x" }, RestJson.Default.RunRequest), TestContext.Current.CancellationToken);
        await ManagerServer.ReadAsync(response);
        (await server.Worker.NextOrderAsync()).Tenant.ShouldBe("team-a");
    }

    [Fact]
    public async Task Key_survivesARestart()
    {
        var directory = Directory.CreateTempSubdirectory("sandcastle-manager-").FullName;
        try
        {
            string key;
            await using (var server = await ManagerServer.StartAsync(directory: directory))
            {
                key = (await CreateAsync(server, """{"tenant":"team-a"}""")).Key!;
            }

            await using var next = await ManagerServer.StartAsync(directory: directory);
            (await StatusAsync(next, key)).ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Revoke_holdsAtOnce()
    {
        await using var server = await ManagerServer.StartAsync();
        var made = await CreateAsync(server, """{"tenant":"team-a"}""");
        (await StatusAsync(server, made.Key!)).ShouldBe(HttpStatusCode.OK);
        using var revoked = await server.Client.DeleteAsync($"/v1/keys/{made.Id}", TestContext.Current.CancellationToken);
        (await ReadAsync(revoked)).Id.ShouldBe(made.Id);
        (await StatusAsync(server, made.Key!)).ShouldBe(HttpStatusCode.Unauthorized);
        using var again = await server.Client.DeleteAsync($"/v1/keys/{made.Id}", TestContext.Current.CancellationToken);
        await ManagerServer.ReadProblemAsync(again, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Rotate_oldSecretIsGoodForTheOverlap()
    {
        await using var server = await ManagerServer.StartAsync();
        var made = await CreateAsync(server, """{"tenant":"team-a"}""");
        var rotated = await RotateAsync(server, made.Id, """{"overlapMs":60000}""");
        (rotated.Id, rotated.Key == made.Key).ShouldBe((made.Id, false));
        (await StatusAsync(server, made.Key!)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(server, rotated.Key!)).ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromSeconds(61));
        (await StatusAsync(server, made.Key!)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(server, rotated.Key!)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Rotate_withoutABody_overlapsAnHour_andTwiceLeavesTheLastTwo()
    {
        await using var server = await ManagerServer.StartAsync();
        var made = await CreateAsync(server, """{"tenant":"team-a"}""");
        var second = await RotateAsync(server, made.Id, body: null);
        (second.PreviousUntil!.Value - second.RotatedAt!.Value).ShouldBe(TimeSpan.FromHours(1), TimeSpan.FromSeconds(1));
        var third = await RotateAsync(server, made.Id, """{"overlapMs":0}""");
        (await StatusAsync(server, made.Key!)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(server, second.Key!)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(server, third.Key!)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_pastItsTime_isNone()
    {
        await using var server = await ManagerServer.StartAsync();
        var until = server.Clock.GetUtcNow().AddMinutes(5);
        var made = await CreateAsync(server, $$"""{"tenant":"team-a","expiresAt":"{{until:O}}"}""");
        var rotated = await RotateAsync(server, made.Id, """{"overlapMs":3600000}""");
        (await StatusAsync(server, made.Key!)).ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromMinutes(5.1));
        (await StatusAsync(server, made.Key!)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(server, rotated.Key!)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Create_asManyAsATenantMayHave_isRefused()
    {
        await using var server = await ManagerServer.StartAsync(tenants: new TenantOptions { KeysPerTenant = 2 });
        await CreateAsync(server, """{"tenant":"team-a"}""");
        var second = await CreateAsync(server, """{"tenant":"team-a"}""");
        using var refused = await PostAsync(server, "/v1/keys", """{"tenant":"team-a"}""");
        (await ManagerServer.ReadProblemAsync(refused, HttpStatusCode.TooManyRequests)).Detail.ShouldBe("tenant 'team-a' has 2 keys, as many as it may; revoke one");
        await CreateAsync(server, """{"tenant":"team-b"}""");
        using var revoked = await server.Client.DeleteAsync($"/v1/keys/{second.Id}", TestContext.Current.CancellationToken);
        await CreateAsync(server, """{"tenant":"team-a"}""");
    }

    [Theory]
    [InlineData("{}", "tenant is required: who is charged for what the key does")]
    [InlineData("""{"tenant":"Team A"}""", "tenant must be 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit, and not 'use'")]
    [InlineData("""{"tenant":"use"}""", "tenant must be 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit, and not 'use'")]
    [InlineData("""{"tenant":"a","scopes":[]}""", "scopes is empty; there are run, read, admin")]
    [InlineData("""{"tenant":"a","scopes":["run","root"]}""", "scopes has 'root'; there are run, read, admin")]
    [InlineData("""{"tenant":"a","scopes":[null]}""", "scopes has 'null'; there are run, read, admin")]
    [InlineData("""{"tenant":"a","name":""}""", "name must be 1 to 64 characters, none of them a control character")]
    [InlineData("""{"tenant":"a","name":"a\nb"}""", "name must be 1 to 64 characters, none of them a control character")]
    [InlineData("""{"tenant":"a","expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt must be in the future")]
    [InlineData("""{"tenant":"a","secret":"x"}""", "secret is unknown; the fields here are: tenant, name, scopes, expiresAt")]
    [InlineData("""{"tenant":"a","expiresAt":"2030-13-01"}""", "expiresAt must be a time like 2026-01-31 or 2026-01-31T12:00:00Z, not '2030-13-01'")]
    [InlineData("""{"tenant":"a","expiresAt":5}""", "expiresAt must be a time like 2026-01-31 or 2026-01-31T12:00:00Z, not 5")]
    [InlineData("""{"tenant":"a","expiresAt":"2100-01-01T00:00:00Z","x":1}""", "x is unknown; the fields here are: tenant, name, scopes, expiresAt")]
    public async Task Create_badRequest_namesTheField(string body, string detail)
    {
        await using var server = await ManagerServer.StartAsync();
        using var refused = await PostAsync(server, "/v1/keys", body);
        (await ManagerServer.ReadProblemAsync(refused, HttpStatusCode.BadRequest)).Detail.ShouldBe(detail);
        (await ListAsync(server)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"overlapMs":-1}""", "overlapMs must be between 0 and 2592000000, not -1")]
    [InlineData("""{"overlapMs":2592000001}""", "overlapMs must be between 0 and 2592000000, not 2592000001")]
    public async Task Rotate_overlapOutOfBounds_isRefused(string body, string detail)
    {
        await using var server = await ManagerServer.StartAsync();
        var made = await CreateAsync(server, """{"tenant":"team-a"}""");
        using var refused = await PostAsync(server, $"/v1/keys/{made.Id}/rotate", body);
        (await ManagerServer.ReadProblemAsync(refused, HttpStatusCode.BadRequest)).Detail.ShouldBe(detail);
        (await StatusAsync(server, made.Key!)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Rotate_keyThatThereIsNot_isNotFound()
    {
        await using var server = await ManagerServer.StartAsync();
        using var refused = await PostAsync(server, "/v1/keys/key_00/rotate", "{}");
        (await ManagerServer.ReadProblemAsync(refused, HttpStatusCode.NotFound)).Kind.ShouldBe(RefusalKind.NotFound);
    }

    private static async Task<KeyResponse> CreateAsync(ManagerServer server, string body)
    {
        using var response = await PostAsync(server, "/v1/keys", body);
        return await ReadAsync(response);
    }

    private static async Task<KeyResponse> RotateAsync(ManagerServer server, string id, string? body)
    {
        using var response = await PostAsync(server, $"/v1/keys/{id}/rotate", body);
        return await ReadAsync(response);
    }

    private static async Task<IReadOnlyList<KeyResponse>> ListAsync(ManagerServer server) =>
        JsonSerializer.Deserialize(await server.Client.GetStringAsync("/v1/keys", TestContext.Current.CancellationToken), RestJson.Default.KeysResponse)!.Keys;

    private static async Task<HttpResponseMessage> PostAsync(ManagerServer server, string path, string? body) => await server.Client.PostAsync(
        path, body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    private static async Task<KeyResponse> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize(text, RestJson.Default.KeyResponse)!;
    }

    private static async Task<HttpStatusCode> StatusAsync(ManagerServer server, string key)
    {
        using var client = server.As(key);
        using var response = await client.GetAsync("/v1/templates", TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
