using System.Net;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Manager.Tests.Ledger;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tests.Tenants;

[Collection(PostgresCollection.Name)]
public sealed class PostgresTenantTests(PostgresCluster cluster) : TenantStoreContract
{
    /// <summary>Nothing tells when another manager has looked; asking without a pause would take the processor from it.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    private string? _database;

    /// <summary>The system's clock paces it: what one manager did holds at the other within the documented two seconds and a little.</summary>
    [Fact]
    public async Task Change_atOneManager_holdsAtTheOther()
    {
        var ledger = LedgerAddress.Parse(await cluster.NewDatabaseAsync());
        await using var one = await ManagerServer.StartAsync(ledger: ledger);
        await using var other = await ManagerServer.StartAsync(ledger: ledger);
        var key = await one.NewKeyAsync("team-a");
        using var client = other.As(key);
        await UntilAsync(client, HttpStatusCode.OK);

        // Terms are there, and each manager knows of the other.
        await one.SetTermsAsync("default", new TenantRequest { Limits = new TenantLimitsRequest { ConcurrentRuns = 0 } });
        using var pace = new PeriodicTimer(Pace);
        while (await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            using var response = await other.PostAsync("""{"code":"x"}""");
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (response.StatusCode == HttpStatusCode.TooManyRequests && text.Contains("of which this one of 2 managers holds its part", StringComparison.Ordinal))
            {
                break;
            }
        }

        var keys = System.Text.Json.JsonSerializer.Deserialize(
            await one.Client.GetStringAsync("/v1/keys", TestContext.Current.CancellationToken), RestJson.Default.KeysResponse)!;
        using var revoked = await one.Client.DeleteAsync($"/v1/keys/{keys.Keys.Single().Id}", TestContext.Current.CancellationToken);
        await UntilAsync(client, HttpStatusCode.Unauthorized);
    }

    protected override async Task<SqlLedger> OpenAsync() =>
        PostgresLedger.Open(LedgerAddress.Parse(_database ??= await cluster.NewDatabaseAsync()), TimeProvider.System);

    private static async Task UntilAsync(HttpClient client, HttpStatusCode status)
    {
        using var pace = new PeriodicTimer(Pace);
        while (await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            using var response = await client.GetAsync("/v1/templates", TestContext.Current.CancellationToken);
            if (response.StatusCode == status)
            {
                return;
            }
        }
    }
}
