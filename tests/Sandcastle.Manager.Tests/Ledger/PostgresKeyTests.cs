using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests.Ledger;

[Collection(PostgresCollection.Name)]
public sealed class PostgresKeyTests(PostgresCluster cluster) : KeyContract
{
    private string? _database;

    protected override async Task<ILedger> OpenAsync() =>
        PostgresLedger.Open(LedgerAddress.Parse(_database ??= await cluster.NewDatabaseAsync()), TimeProvider.System);
}
