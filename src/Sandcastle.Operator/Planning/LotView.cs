using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Resources.Lots;

namespace Sandcastle.Operator.Planning;

/// <summary>One lot: what was bought, what Kueue says of it, and its workers.</summary>
internal sealed record LotView
{
    internal required WorkerLot Lot { get; init; }

    internal Workload? Workload { get; init; }

    /// <summary>Every Pod of the lot that is still there, those that end included.</summary>
    internal required IReadOnlyList<WorkerView> Workers { get; init; }

    internal string Name => Lot.Metadata.Name;

    internal bool IsAdmitted => Workload is { IsAdmitted: true } && !Lot.IsDeleting();

    /// <summary>Admitted, and nobody wants it back.</summary>
    internal bool IsRunning => IsAdmitted && Workload is { IsEvicted: false };

    /// <summary>Over for a reason that lies in the lot, not because it was handed back.</summary>
    internal bool IsFailed => Workload is { IsFinished: true } && Lot.Spec.Release < Lot.Spec.Count;

    /// <summary>Workers that the lot is to have, or would have if it were admitted.</summary>
    internal int Keep
    {
        get
        {
            var wanted = Lot.Spec.Count - Lot.Spec.Release;
            return IsAdmitted ? Math.Min(Workload!.Granted, wanted) : wanted;
        }
    }

    /// <summary>Workers that the pool may count on: those of a lot that ends are gone already.</summary>
    internal int Provisioned => Lot.IsDeleting() ? 0 : Keep;

    /// <summary>Workers whose processes may run: they hold quota until they are gone.</summary>
    internal IEnumerable<WorkerView> Living => Workers.Where(worker => !worker.Pod.IsOver);

    /// <summary>Workers that neither end nor were told to.</summary>
    internal IEnumerable<WorkerView> Staying => Living.Where(worker => !worker.Pod.IsDeleting() && !worker.IsTold);

    /// <summary>Workers that take work, and will go on to.</summary>
    internal int ReadyCount => IsRunning ? Workers.Count(worker => worker.Pod.IsReady && !worker.IsTold) : 0;

    internal bool IsBusy => Workers.Any(worker => worker.IsBusy);
}
