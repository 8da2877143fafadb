using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Manager.Tenants.Store;
using Sandcastle.Protocol.Rest;
using Sandcastle.Testing.Clocks;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>What either database does with tenants and keys.</summary>
public abstract class TenantStoreContract
{
    private readonly HandClock _clock = new();

    /// <summary>Opens the ledger of this test; a second time, the same one.</summary>
    protected abstract Task<SqlLedger> OpenAsync();

    [Fact]
    public async Task Key_isStoredWhole_rotatedAndRemoved()
    {
        await using var ledger = await OpenAsync();
        var store = new TenantStore(ledger, _clock);
        var key = Key("key_1", "a") with { Name = "ä", ExpiresAt = _clock.GetUtcNow().AddDays(1), Scopes = ApiScopes.Run | ApiScopes.Admin };
        (await store.AddKeyAsync(key, 10, Token)).ShouldBeTrue();
        (await store.KeysAsync(Token)).ShouldBe([key]);
        (await store.AddKeyAsync(key, 10, Token)).ShouldBeTrue();
        (await store.KeysAsync(Token)).Count.ShouldBe(1);

        var (next, until) = (Digest("2"), _clock.GetUtcNow().AddHours(1));
        await store.RotateKeyAsync("key_1", next, until, Token);
        var rotated = key with { Digest = next, Previous = key.Digest, PreviousUntil = until, RotatedAt = _clock.GetUtcNow() };
        (await store.KeysAsync(Token)).ShouldBe([rotated]);
        await store.RotateKeyAsync("key_1", next, until.AddDays(1), Token);
        (await store.KeysAsync(Token)).ShouldBe([rotated]);

        await store.RemoveKeyAsync("key_1", Token);
        await store.RemoveKeyAsync("key_1", Token);
        (await store.KeysAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Key_moreThanMay_isNotStored()
    {
        await using var ledger = await OpenAsync();
        var store = new TenantStore(ledger, _clock);
        (await store.AddKeyAsync(Key("key_1", "a"), 1, Token)).ShouldBeTrue();
        (await store.AddKeyAsync(Key("key_2", "a"), 1, Token)).ShouldBeFalse();
        (await store.AddKeyAsync(Key("key_3", "b"), 1, Token)).ShouldBeTrue();
        (await store.KeysAsync(Token)).Select(k => k.Id).ShouldBe(["key_1", "key_3"]);
    }

    [Fact]
    public async Task Tenant_isPutOverAndRemoved_andEachChangeIsSeen()
    {
        await using var ledger = await OpenAsync();
        var store = new TenantStore(ledger, _clock);
        var revision = await store.RevisionAsync(Token);
        await store.PutTenantAsync("a", new TenantRequest { Weight = 2 }, Token);
        await store.PutTenantAsync("a", new TenantRequest { Weight = 3, Templates = ["x"] }, Token);
        var stored = (await store.TenantsAsync(Token)).Single();
        (stored.Key, stored.Value.Weight).ShouldBe(("a", 3));
        stored.Value.Templates.ShouldBe(["x"]);
        await store.RemoveTenantAsync("a", Token);
        (await store.TenantsAsync(Token)).ShouldBeEmpty();
        (await store.RevisionAsync(Token)).ShouldBe(revision + 3);
    }

    [Fact]
    public async Task Managers_areThoseThatLive()
    {
        await using var ledger = await OpenAsync();
        var store = new TenantStore(ledger, _clock);
        await ledger.BeatAsync("m-b", TimeSpan.FromMinutes(1), Token);
        await ledger.BeatAsync("m-a", TimeSpan.FromMinutes(1), Token);
        await ledger.BeatAsync("m-gone", TimeSpan.FromSeconds(-1), Token);
        (await store.ManagersAsync(Token)).ShouldBe(["m-a", "m-b"]);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static KeyDigest Digest(string digit) => KeyDigest.Of("e2b_" + string.Concat(Enumerable.Repeat(digit, 40)))!.Value;

    private StoredKey Key(string id, string tenant) =>
        new() { Id = id, Tenant = tenant, Scopes = ApiScopes.Read, Digest = Digest("1"), CreatedAt = _clock.GetUtcNow() };
}
