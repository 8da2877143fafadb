using Sandcastle.Manager.Ledger;

namespace Sandcastle.Manager.Tests.Ledger;

public sealed class SqliteKeyTests : KeyContract, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sandcastle-ledger-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    protected override Task<ILedger> OpenAsync() => Task.FromResult<ILedger>(new SqliteLedger(Path.Combine(_directory, "ledger.db"), TimeProvider.System));
}
