namespace Sandcastle.Manager.Tests.Ledger;

public sealed class SqliteLeaseTests : LeaseContract
{
    protected override Task<BookStore> StoreAsync() => Task.FromResult(BookStore.Sqlite());
}
