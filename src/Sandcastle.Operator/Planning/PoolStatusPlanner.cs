using System.Text.Json.Nodes;
using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Planning;

/// <summary>What a pool's status says: how many there are, and, in one sentence, why not more.</summary>
internal sealed class PoolStatusPlanner(PoolObservation observation, PlanBuilder plan, IReadOnlyList<LotView> lots)
{
    /// <summary>Slots come and go with every run; they alone are not worth a write more often than this.</summary>
    internal static readonly TimeSpan SlotsTime = TimeSpan.FromSeconds(10);

    private const string CertificatesReady = "CertificatesReady";
    private const string CertificatesNotReady = "CertificatesNotReady";

    private readonly SandboxPool _pool = observation.Pool!;

    internal void Plan(Demand demand, WorkerMake? make, string? missing)
    {
        var before = _pool.Status ?? new PoolStatus();
        var ready = lots.Sum(lot => lot.ReadyCount);
        var after = new PoolStatus
        {
            ObservedGeneration = _pool.Metadata.Generation,
            Lots = lots.Count,
            Workers = lots.Sum(lot => lot.IsAdmitted ? Math.Min(lot.Keep, lot.Living.Count()) : 0),
            ReadyWorkers = ready,
            WantedWorkers = demand.Workers,
            Reserved = lots.Sum(Reserved),
            Slots = Slots(ready),
            Selector = $"{Labels.Pool}={_pool.Metadata.Name}",
            Hash = make?.Hash,
            Conditions = WithCertificates((before.Conditions ?? [])
                .With(Ready(demand, ready, missing), plan.Now)
                .With(QuotaReserved(), plan.Now)
                .With(UpToDate(make), plan.Now)),
        };
        var rest = after with { Slots = before.Slots };
        var isSame = JsonNode.DeepEquals(Json.Node(rest), Json.Node(before));
        if (isSame && Counts(after.Slots) == Counts(before.Slots))
        {
            return;
        }

        var due = (before.Slots?.Time ?? DateTimeOffset.MinValue.AddDays(1)) + SlotsTime;
        if (isSame && plan.Now < due)
        {
            plan.LookAgainAt(due);
            return;
        }

        var text = Json.Node(after).AsObject();
        if (make is null)
        {
            // A merge patch leaves what it does not name; what is no more must be named.
            text["hash"] = null;
        }

        if (plan.Patch(ResourceKind.Pools, _pool, "status", new JsonObject { ["status"] = text }))
        {
            Tell(before, after);
        }
    }

    private static (int, int, int) Counts(SlotCounts? slots) => (slots?.Ready ?? 0, slots?.Busy ?? 0, slots?.Total ?? 0);

    private static int Reserved(LotView lot) =>
        lot.Workload is { IsReserved: true, IsFinished: false } workload ? Math.Min(workload.Granted, Math.Max(0, workload.Count - workload.Reclaimed)) : 0;

    private SlotCounts Slots(int readyWorkers) => new()
    {
        Ready = observation.Load?.Ready ?? 0,
        Busy = observation.Load?.Busy ?? 0,
        Total = readyWorkers * _pool.Spec.SlotsPerWorker,
        Time = plan.Now,
    };

    private Condition Ready(Demand demand, int ready, string? missing)
    {
        var (status, reason, message) = Reason(demand, ready, missing);
        return Conditions.Make("Ready", status, reason, message, _pool.Metadata.Generation);
    }

    private (bool Status, string Reason, string Message) Reason(Demand demand, int ready, string? missing)
    {
        if (missing is not null)
        {
            return (false, "TemplateMissing", $"SandboxTemplate {missing} does not exist in namespace {_pool.Metadata.Namespace}.");
        }

        if (_pool.Spec.PriorityClasses is { } classes
            && new[] { classes.Warm, classes.Busy }.FirstOrDefault(name => !Priorities.Resolve(observation, name, out _, out _)) is { } unknown)
        {
            return (false, "PriorityClassMissing", $"WorkloadPriorityClass {unknown} does not exist.");
        }

        if (lots.FirstOrDefault(lot => lot.IsFailed) is { } failed)
        {
            return (false, "LotFailed", $"Lot {failed.Name}: {failed.Workload!.Condition(Names.Finished)!.Message}");
        }

        if (ready >= demand.Workers)
        {
            return demand.Workers == 0 ? (true, "Idle", "No worker is wanted.") : (true, "Running", "All wanted workers are ready.");
        }

        if (lots.FirstOrDefault(lot => lot.Workload is { IsActive: false, IsFinished: false }) is { } inactive)
        {
            return (false, "Deactivated", $"The Workload of lot {inactive.Name} is deactivated.");
        }

        if (lots.FirstOrDefault(lot => lot.Workload is { IsEvicted: true }) is { } evicted && evicted.Workload!.Condition(Names.Evicted) is { } why)
        {
            return (false, why.Reason, $"Lot {evicted.Name} was evicted: {why.Message}");
        }

        if (observation.Certificates is { IsReady: false } certificates && certificates.Reason != CertificateState.Issuing)
        {
            return (false, CertificatesNotReady, certificates.Message);
        }

        return Waiting() is { } waiting
            ? (false, "Pending", $"Pending: {waiting}")
            : (false, "Starting", "Workers are being made ready.");
    }

    /// <summary>Why the first lot that waits does so, in Kueue's words.</summary>
    private string? Waiting() => lots
        .Where(lot => lot.Keep > 0 && lot.Workload is { IsReserved: false, IsFinished: false })
        .Select(lot => lot.Workload!.Condition(Names.QuotaReserved)?.Message)
        .FirstOrDefault(message => !string.IsNullOrEmpty(message));

    private Condition QuotaReserved()
    {
        const string Type = Names.QuotaReserved;
        var waiting = Waiting();
        var isWaiting = lots.Any(lot => lot.Keep > 0 && lot.Workload is null or { IsReserved: false, IsFinished: false });
        return isWaiting
            ? Conditions.Make(Type, false, "Pending", waiting ?? "A lot waits for Kueue.", _pool.Metadata.Generation)
            : Conditions.Make(Type, true, "Reserved", "Every lot has its quota.", _pool.Metadata.Generation);
    }

    private Condition UpToDate(WorkerMake? make)
    {
        var isOld = make is not null && lots.Any(lot => lot.Lot.Spec.Hash != make.Hash);
        return isOld
            ? Conditions.Make("UpToDate", false, "RollingOut", "Lots that are made of something else are being replaced.", _pool.Metadata.Generation)
            : Conditions.Make("UpToDate", true, "UpToDate", "All lots are made of what the pool says.", _pool.Metadata.Generation);
    }

    /// <summary>What is not known now stays as it was said last.</summary>
    private IReadOnlyList<Condition> WithCertificates(IReadOnlyList<Condition> conditions) => observation.Certificates is { } state
        ? conditions.With(Conditions.Make(CertificatesReady, state.IsReady, state.Reason, state.Message, _pool.Metadata.Generation), plan.Now)
        : conditions;

    private void Tell(PoolStatus before, PoolStatus after)
    {
        if (Changed(before, after, "Ready") is { } ready && ready.Reason != CertificatesNotReady)
        {
            plan.Tell(ResourceKind.Pools, _pool, ready.Reason, ready.Message, isWarning: !ready.IsTrue && ready.Reason is not ("Starting" or "Pending"));
        }

        // That they are there from the beginning is no news.
        if (Changed(before, after, CertificatesReady) is { } certificates
            && (!certificates.IsTrue || before.Conditions?.Any(condition => condition.Type == CertificatesReady) is true))
        {
            plan.Tell(
                ResourceKind.Pools, _pool, $"Certificates{certificates.Reason}", certificates.Message,
                isWarning: !certificates.IsTrue && certificates.Reason != CertificateState.Issuing);
        }
    }

    /// <summary>Null when it gives the same reason as before.</summary>
    private static Condition? Changed(PoolStatus before, PoolStatus after, string type)
    {
        var now = after.Conditions!.FirstOrDefault(condition => condition.Type == type);
        return before.Conditions?.FirstOrDefault(condition => condition.Type == type)?.Reason == now?.Reason ? null : now;
    }
}
