using System.Globalization;
using System.Text.Json.Nodes;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Tenants;
using Sandcastle.Operator.Retail;
using Sandcastle.Operator.Retail.Planning;
using Sandcastle.Operator.Tests.Planning;

namespace Sandcastle.Operator.Tests.Retail;

/// <summary>A case as files: in.yaml begins with a document of what is no object (now, use, memory, growth), and goes on with the objects.</summary>
internal static class TenantCase
{
    internal static TenantObservation Read(string text)
    {
        var documents = Yaml.ParseAll(text).ToList();
        var head = documents[0]!.AsObject();
        var objects = documents.Skip(1).Select(document => document!.AsObject()).ToLookup(item => item["kind"]!.GetValue<string>());
        return new TenantObservation
        {
            Namespace = "team-a",
            Now = DateTimeOffset.Parse(head["now"]!.GetValue<string>(), CultureInfo.InvariantCulture),
            Tenants = [.. objects["Tenant"].Select(item => Json.Read<Tenant>(item))],
            Workloads = [.. objects["Workload"].Select(item => Json.Read<Workload>(item))],
            LedgerChecks = ["sandcastle-ledger"],
            Use = head["use"] is { } use ? Json.Read<TenantUse>(use) : null,
            Options = new RetailOptions { Growth = head["growth"]?.GetValue<string>() == "additive" ? LeaseGrowth.Additive : LeaseGrowth.Slices },
            Memory = head["memory"] is { } memory ? Json.Read<TenantMemory>(memory) : new TenantMemory(),
        };
    }

    internal static JsonObject Render(TenantPlan plan)
    {
        var rendered = new JsonObject
        {
            ["actions"] = new JsonArray([.. plan.Actions.Select(PlanningCase.Render)]),
            ["lookAgainAfter"] = plan.LookAgainAfter?.TotalSeconds,
            ["memory"] = Json.Node(plan.Memory),
            ["wanted"] = plan.Wanted,
            ["leased"] = plan.Leased,
        };
        if (plan.SlicesFailed)
        {
            rendered["slicesFailed"] = true;
        }

        return rendered;
    }
}
