namespace Sandcastle.Manager.Ledger;

/// <summary>The ledger's database, for the ledger's own parts. Safe for concurrent use.</summary>
internal interface ILedgerStore : ILedgerDatabase
{
    LedgerDialect Dialect { get; }

    AccountBook Accounts { get; }
}
