using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests.Ledger;

[Collection(PostgresCollection.Name)]
public sealed class PostgresPostingFaultTests(PostgresCluster cluster) : PostingFaultContract
{
    /// <summary>The server's process for our connection is ended at that step, twice; "commit" is when nothing but that is left to do.</summary>
    [Theory]
    [MemberData(nameof(Steps))]
    [InlineData("commit")]
    public async Task Record_backendKilledAtAStep_postsOnce(string step)
    {
        using var store = await StoreAsync();
        await using var ledger = store.Open();
        await store.SqlAsync("""
            CREATE SEQUENCE kills;
            CREATE FUNCTION kill_twice() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('kills') <= 2 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
                RETURN NEW;
            END $$
            """);
        await store.SqlAsync(step == "commit"
            ? "CREATE CONSTRAINT TRIGGER fault AFTER INSERT ON receipts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kill_twice()"
            : $"CREATE TRIGGER fault BEFORE INSERT ON {step} FOR EACH ROW EXECUTE FUNCTION kill_twice()");
        var receipts = Batch();
        await ledger.RecordAsync(receipts, Cancelled);
        ((long)(await store.SqlAsync("SELECT last_value FROM kills"))!).ShouldBeGreaterThan(2);
        await ProvenAsync(ledger, receipts);
        await ledger.RecordAsync(receipts, Cancelled);
        await ProvenAsync(ledger, receipts);
    }

    private protected override Task<BookStore> StoreAsync() => BookStore.PostgresAsync(cluster);

    private protected override Task RefuseAsync(BookStore store, string table) => store.SqlAsync($"""
        CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;
        CREATE TRIGGER fault BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()
        """);

    private protected override Task MendAsync(BookStore store, string table) => store.SqlAsync($"DROP TRIGGER fault ON {table}");
}
