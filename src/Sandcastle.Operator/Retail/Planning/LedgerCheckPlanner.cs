using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Planning;
using Sandcastle.Operator.Planning.Actions;

namespace Sandcastle.Operator.Retail.Planning;

/// <summary>Tells Kueue that somebody makes the ledger's check: a queue that names one that is not active admits nothing.</summary>
internal static class LedgerCheckPlanner
{
    internal static IReadOnlyList<PlannedAction> Plan(AdmissionCheck check, DateTimeOffset now)
    {
        var plan = new PlanBuilder(now);
        if (!check.IsDeleting() && check.Status.Conditions.FirstOrDefault(condition => condition.Type == Names.Active) is not { IsTrue: true })
        {
            var active = Conditions.Make(Names.Active, true, "Active", "Leases are held against their tenants' budgets", check.Metadata.Generation);
            plan.Patch(ResourceKind.AdmissionChecks, check, "status", new JsonObject
            {
                ["status"] = new JsonObject { ["conditions"] = check.Status.Conditions.With(active, now).Nodes() },
            });
        }

        return plan.Actions;
    }
}
