using System.Collections.Concurrent;
using Sandcastle.Manager.Ledger;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>
/// Where every run passes before a worker is asked for it: reserve, run, settle with the receipt's real figures. A tenant's account has a
/// lock of its own and terms come from memory, so the way through is a few comparisons; the ledger is asked once, for a tenant with a budget
/// that was not seen before. Safe for concurrent use.
/// </summary>
public sealed class TenantGate : IDisposable
{
    /// <summary>What a tenant did counts as recent for so long.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);

    /// <summary>Accounts without anything to remember go after so long.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, TenantAccount> _accounts = new(StringComparer.Ordinal);
    private readonly ITenantDirectory _directory;
    private readonly TenantOptions _options;
    private readonly BudgetReader _budgets;
    private readonly GateClock _clock;
    private volatile ManagerPart _part = ManagerPart.Alone;
    private volatile Refusal? _closed;

    internal TenantGate(ITenantDirectory directory, TenantOptions options, BudgetReader budgets, TimeProvider clock)
    {
        (_directory, _options, _budgets) = (directory, options, budgets);
        _clock = new GateClock(clock);
        _directory.Changed += OnChanged;
    }

    /// <summary>How limits are divided among managers.</summary>
    internal ManagerPart Part
    {
        get => _part;
        set
        {
            if (_part != value)
            {
                _part = value;
                LookAgain();
            }
        }
    }

    /// <summary>Tenants that have done or asked anything in the last minute, and those whose budget is spent.</summary>
    public IReadOnlyList<TenantUseResponse> Describe() =>
        [.. _accounts.Values.Select(account => account.Describe(Recent)).OfType<TenantUseResponse>().OrderBy(use => use.Tenant, StringComparer.Ordinal)];

    /// <summary>A seat for a run, at once or when its turn comes.</summary>
    /// <exception cref="RefusalException">quota_exceeded; or no_capacity, where a budget has to be read and the ledger is away.</exception>
    internal ValueTask<TenantSeat> EnterAsync(RunOrder order, LineWish wish, CancellationToken cancellationToken)
    {
        var account = AccountOf(order.Tenant, out var hold);
        return account.IsBudgetRead(hold)
            ? Enter(account, order, hold, wish, cancellationToken)
            : ReadAndEnterAsync(account, order, hold, wish, cancellationToken);
    }

    /// <summary>What a run used that nobody settled, known now. Nothing is remembered of a tenant that has neither rate nor budget.</summary>
    internal void BookLate(Receipt receipt)
    {
        var terms = _directory.Of(receipt.Tenant);
        if (terms is not { CpuMillis: null, Lease: null } || BudgetUse.IsLimit(terms.Budget))
        {
            AccountOf(receipt.Tenant, out var hold).BookLate(receipt, hold);
        }
    }

    /// <summary>The refusal that a run would get now, if it did not wait; null for none.</summary>
    internal Refusal? Ask(RunOrder order)
    {
        var account = AccountOf(order.Tenant, out var hold);
        return account.IsBudgetRead(hold) ? account.Ask(order, hold) : null;
    }

    /// <summary>One more, or (-1) one less, of a tenant's runs waits for capacity; false when as many wait as may.</summary>
    internal bool TryWaitElsewhere(string tenant, int change) => AccountOf(tenant, out _).TryWaitElsewhere(change);

    /// <summary>Whoever waits is refused, and so is whoever would wait from now on.</summary>
    internal void Close(Refusal refusal)
    {
        _closed = refusal;
        foreach (var account in _accounts.Values)
        {
            account.Refuse(refusal);
        }
    }

    /// <summary>Reads what tenants with budgets have used by now, as far as they are active; and forgets who is quiet.</summary>
    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var watched = _directory.Names.Where(name => BudgetUse.IsLimit(_directory.Of(name).Budget)).ToHashSet(StringComparer.Ordinal);
        foreach (var tenant in watched)
        {
            AccountOf(tenant, out _);
        }

        foreach (var (tenant, account) in _accounts)
        {
            var hold = account.HoldOf(_directory.Of(tenant), _part);
            if (!watched.Contains(tenant) && account.TryClose(Quiet))
            {
                _accounts.TryRemove(new KeyValuePair<string, TenantAccount>(tenant, account));
                account.Dispose();
            }
            else if (account.Describe(Recent) is not null || !account.IsBudgetRead(hold))
            {
                await _budgets.ReadAsync(account, hold, cancellationToken);
                account.LookAgain(hold);
            }
        }
    }

    public void Dispose()
    {
        _directory.Changed -= OnChanged;
        foreach (var account in _accounts.Values)
        {
            account.Dispose();
        }
    }

    private async ValueTask<TenantSeat> ReadAndEnterAsync(
        TenantAccount account, RunOrder order, TenantHold hold, LineWish wish, CancellationToken cancellationToken)
    {
        try
        {
            await _budgets.ReadAsync(account, hold, cancellationToken);
        }
        catch (LedgerUnavailableException)
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.NoCapacity,
                Detail = $"the ledger, which knows what tenant '{order.Tenant}' has used of its budget, does not answer now",
                RetryAfter = TimeSpan.FromSeconds(2),
            });
        }

        return await Enter(account, order, hold, wish, cancellationToken);
    }

    private ValueTask<TenantSeat> Enter(TenantAccount account, RunOrder order, TenantHold hold, LineWish wish, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (seat, waiter, refusal) = account.Enter(order, hold, wish);
            if (seat is not null)
            {
                return ValueTask.FromResult(seat);
            }

            if (refusal is not null)
            {
                return ValueTask.FromException<TenantSeat>(new RefusalException(refusal));
            }

            if (waiter is not null)
            {
                return new ValueTask<TenantSeat>(WaitAsync(account, waiter, wish, cancellationToken));
            }

            account = AccountOf(order.Tenant, out hold);
        }
    }

    private async Task<TenantSeat> WaitAsync(TenantAccount account, TenantWaiter waiter, LineWish wish, CancellationToken cancellationToken)
    {
        using (waiter)
        {
            if (_closed is { } refusal)
            {
                account.Refuse(refusal);
            }

            var left = wish.MostWait - _clock.Provider.GetElapsedTime(waiter.Order.AcceptedTimestamp);
            waiter.Deadline = _clock.Provider.CreateTimer(
                _ => account.GiveUp(waiter), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            await using var withdrawal = cancellationToken.UnsafeRegister(
                static (state, token) =>
                {
                    var (of, who) = ((TenantAccount, TenantWaiter))state!;
                    of.Withdraw(who, token);
                },
                (account, waiter));
            return await waiter.Seat.Task;
        }
    }

    private TenantAccount AccountOf(string tenant, out TenantHold hold)
    {
        var (terms, part) = (_directory.Of(tenant), _part);
        if (!_accounts.TryGetValue(tenant, out var account))
        {
            var made = new TenantAccount(tenant, new TenantHold(terms, part), _clock, _options);
            account = _accounts.GetOrAdd(tenant, made);
        }

        hold = account.HoldOf(terms, part);
        return account;
    }

    private void OnChanged(object? sender, EventArgs e) => LookAgain();

    private void LookAgain()
    {
        foreach (var (tenant, account) in _accounts)
        {
            account.LookAgain(account.HoldOf(_directory.Of(tenant), _part));
        }
    }
}
