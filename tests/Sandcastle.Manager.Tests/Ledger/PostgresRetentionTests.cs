using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests.Ledger;

[Collection(PostgresCollection.Name)]
public sealed class PostgresRetentionTests(PostgresCluster cluster) : RetentionContract
{
    protected override Task<BookStore> StoreAsync() => BookStore.PostgresAsync(cluster);
}
