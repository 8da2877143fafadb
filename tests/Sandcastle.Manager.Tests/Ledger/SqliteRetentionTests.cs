namespace Sandcastle.Manager.Tests.Ledger;

public sealed class SqliteRetentionTests : RetentionContract
{
    protected override Task<BookStore> StoreAsync() => Task.FromResult(BookStore.Sqlite());
}
