using Sandcastle.Manager.Ledger;

namespace Sandcastle.Manager.Tests.Tenants;

public sealed class SqliteTenantStoreTests : TenantStoreContract, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sandcastle-tenants-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    protected override Task<SqlLedger> OpenAsync() => Task.FromResult<SqlLedger>(new SqliteLedger(Path.Combine(_directory, "ledger.db"), TimeProvider.System));
}
