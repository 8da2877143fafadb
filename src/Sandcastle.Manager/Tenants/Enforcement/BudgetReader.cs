using Sandcastle.Manager.Ledger;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>Asks the ledger what a tenant has used in the periods that its budget limits. Safe for concurrent use.</summary>
internal sealed class BudgetReader(ILedger ledger, PendingReceipts pending)
{
    /// <exception cref="LedgerUnavailableException">The ledger is away.</exception>
    public async Task ReadAsync(TenantAccount account, TenantHold hold, CancellationToken cancellationToken)
    {
        var periods = account.BudgetToRead(hold);
        if (periods.Count == 0)
        {
            return;
        }

        // What ended here before the marks were taken is in the sums by then.
        var whole = await pending.SettleAsync(cancellationToken);
        foreach (var (period, mark) in periods)
        {
            var (cpuSeconds, gibSeconds) = await ledger.BookedAsync(account.Tenant, mark.Start, BudgetCalendar.EndOf(period.Period, mark.Start), cancellationToken);
            account.BudgetRead(period, mark, cpuSeconds, gibSeconds, whole);
        }
    }
}
