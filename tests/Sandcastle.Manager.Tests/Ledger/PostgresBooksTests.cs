using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests.Ledger;

[Collection(PostgresCollection.Name)]
public sealed class PostgresBooksTests(PostgresCluster cluster) : BooksContract
{
    protected override Task<BookStore> StoreAsync() => BookStore.PostgresAsync(cluster);
}
