using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests.Ledger;

[Collection(PostgresCollection.Name)]
public sealed class PostgresLeaseTests(PostgresCluster cluster) : LeaseContract
{
    protected override Task<BookStore> StoreAsync() => BookStore.PostgresAsync(cluster);
}
