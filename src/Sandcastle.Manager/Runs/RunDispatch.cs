using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Telemetry;
using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Runs;

/// <summary>
/// The way of an admitted run to a worker: a seat within its tenant's limits, then a worker with room; for each it waits in line where it asked
/// to. Its seat is given back, and what it used is booked, before anybody hears of its end. Safe for concurrent use.
/// </summary>
public sealed class RunDispatch(TenantGate gate, CapacityLine capacity, WorkerRouter router, ReceiptDoor door, PendingReceipts pending, LostRuns lost, TenantMetrics metrics)
{
    /// <exception cref="RefusalException">quota_exceeded, or what the last worker said.</exception>
    /// <exception cref="WorkerLostException">As <see cref="WorkerRouter.RunAsync"/> says.</exception>
    internal async Task<RunReport> RunAsync(RunOrder order, Run run, LineWish wish, CancellationToken cancellationToken)
    {
        CapacityWaiter? waiter = null;
        var seat = await EnterAsync(order, wish, cancellationToken);
        try
        {
            var freed = capacity.Freed;
            var refused = capacity.Ask(order, seat);
            while (true)
            {
                if (refused is not null)
                {
                    waiter = await WaitAsync(waiter, order, seat, run, refused, wish, freed, cancellationToken);
                }

                freed = capacity.Freed;
                try
                {
                    var report = await router.RunAsync(order, run, () => run.HasStarted, cancellationToken);

                    // Known as pending before it is booked: a budget that is read in between then waits for its receipt.
                    pending.Ended(order.Id);
                    if (door.IsBelieved(order, report.Receipt))
                    {
                        seat.Settle(report.Receipt);
                        metrics.Ended(report.Receipt);
                    }

                    return report;
                }
                catch (RefusalException e) when (e.Refusal.Kind == RefusalKind.NoCapacity && wish.Waits && !run.HasStarted)
                {
                    refused = e.Refusal;
                }
            }
        }
        catch (Exception e) when (!run.HasStarted && e is RefusalException or OperationCanceledException)
        {
            seat.NeverStarted();
            throw;
        }
        catch (Exception e) when (run.HasStarted || e is WorkerLostException { MayHaveStarted: true })
        {
            lost.Add(order.Id, order.Tenant);
            throw;
        }
        finally
        {
            seat.Dispose();
            capacity.Ended(waiter, seat.MeasuredMicros);
        }
    }

    /// <summary>Counts a run that a limit of its tenant kept out before it came here.</summary>
    internal void CountRefused(string tenant) => metrics.Refused(tenant);

    /// <summary>Whoever waits is refused.</summary>
    internal void Close(Refusal refusal)
    {
        gate.Close(refusal);
        capacity.Close(refusal);
    }

    private ValueTask<TenantSeat> EnterAsync(RunOrder order, LineWish wish, CancellationToken cancellationToken)
    {
        var entry = gate.EnterAsync(order, wish, cancellationToken);
        return entry.IsCompletedSuccessfully ? entry : CountAsync(entry, order.Tenant);
    }

    private async ValueTask<TenantSeat> CountAsync(ValueTask<TenantSeat> entry, string tenant)
    {
        try
        {
            return await entry;
        }
        catch (RefusalException)
        {
            metrics.Refused(tenant);
            throw;
        }
    }

    private async Task<CapacityWaiter> WaitAsync(
        CapacityWaiter? waiter, RunOrder order, TenantSeat seat, Run run, Refusal refused, LineWish wish, long freed, CancellationToken cancellationToken)
    {
        if (!wish.Waits)
        {
            throw new RefusalException(refused);
        }

        if (!gate.TryWaitElsewhere(order.Tenant, 1))
        {
            throw new RefusalException(refused with { Detail = $"{refused.Detail}, and as many runs of tenant '{order.Tenant}' wait as may" });
        }

        waiter ??= new CapacityWaiter(order, seat, wish.Tell) { Refusal = refused };
        waiter.Refusal = refused;
        try
        {
            await capacity.WaitAsync(waiter, wish.MostWait, freed, cancellationToken);
        }
        finally
        {
            gate.TryWaitElsewhere(order.Tenant, -1);
        }

        run.WhenStarted = () => capacity.Started(waiter);
        return waiter;
    }
}
