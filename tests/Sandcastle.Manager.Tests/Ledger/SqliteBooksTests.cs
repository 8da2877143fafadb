namespace Sandcastle.Manager.Tests.Ledger;

public sealed class SqliteBooksTests : BooksContract
{
    protected override Task<BookStore> StoreAsync() => Task.FromResult(BookStore.Sqlite());
}
