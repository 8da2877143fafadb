using Microsoft.Data.Sqlite;
using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests.Ledger;

public sealed class SqlitePostingFaultTests : PostingFaultContract, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sandcastle-faults-").FullName;

    private string LedgerPath => Path.Combine(_directory, "ledger.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Between the journal and the ledger, while a manager serves: it tries again, and acknowledges nothing before it is through.</summary>
    [Theory]
    [InlineData("receipts")]
    [InlineData("rollups")]
    public async Task Intake_storeFailsAtAStep_triesAgainAndPostsOnce(string table)
    {
        var worker = new FakeWorker();
        await using var server = await ManagerServer.StartAsync(worker, directory: _directory);
        await worker.WhenReadAsync();
        await SqlAsync(Trigger(table));
        var receipts = Batch();
        worker.Journal(receipts);
        await worker.WhenReadAsync();
        worker.Acknowledged.ShouldBe(0);
        await ProvenAsync(server.Ledger, []);
        await SqlAsync("DROP TRIGGER fault");
        await worker.WhenAcknowledgedAsync(receipts.Length);
        await ProvenAsync(server.Ledger, receipts);
    }

    /// <summary>Between the ledger and the acknowledgement: the next manager is offered all of it again.</summary>
    [Fact]
    public async Task Intake_endsBetweenCommitAndAcknowledgement_postsOnce()
    {
        var (worker, receipts) = (new FakeWorker(), Batch());
        worker.Acknowledging = () => throw new IOException("the worker cannot be told");
        worker.Journal(receipts);
        await using (var killed = await ManagerServer.StartAsync(worker, directory: _directory))
        {
            // The second reading: the first was recorded, and the acknowledgement failed.
            await worker.WhenReadAsync();
            await worker.WhenReadAsync();
            await ProvenAsync(killed.Ledger, receipts);
        }

        worker.Acknowledged.ShouldBe(0);
        worker.Acknowledging = null;
        await using var next = await ManagerServer.StartAsync(worker, directory: _directory);
        await worker.WhenAcknowledgedAsync(receipts.Length);
        await ProvenAsync(next.Ledger, receipts);
    }

    private protected override Task<BookStore> StoreAsync() => Task.FromResult(BookStore.Sqlite());

    private protected override Task RefuseAsync(BookStore store, string table) => store.SqlAsync(Trigger(table));

    private protected override Task MendAsync(BookStore store, string table) => store.SqlAsync("DROP TRIGGER fault");

    private static string Trigger(string table) => $"CREATE TRIGGER fault BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no room'); END";

    private async Task SqlAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={LedgerPath};Pooling=False");
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
