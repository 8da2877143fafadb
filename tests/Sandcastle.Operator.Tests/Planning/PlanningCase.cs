using System.Globalization;
using System.Text.Json.Nodes;
using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Load;
using Sandcastle.Operator.Planning;
using Sandcastle.Operator.Planning.Actions;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Lots;
using Sandcastle.Operator.Resources.Pools;
using Sandcastle.Operator.Resources.Templates;

namespace Sandcastle.Operator.Tests.Planning;

/// <summary>A case as files: in.yaml begins with a document of what is no object (now, load, memory), and goes on with the objects.</summary>
internal static class PlanningCase
{
    internal static PoolObservation Read(string text)
    {
        var documents = Yaml.ParseAll(text).ToList();
        var head = documents[0]!.AsObject();
        var objects = documents.Skip(1).Select(document => document!.AsObject()).ToLookup(item => item["kind"]!.GetValue<string>());
        var now = DateTimeOffset.Parse(head["now"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        return new PoolObservation
        {
            Key = new ObjectKey("pools", head["pool"]?.GetValue<string>() ?? "py"),
            Now = now,
            Pool = All<SandboxPool>(objects).SingleOrDefault(),
            Lots = All<WorkerLot>(objects),
            Workloads = All<Workload>(objects),
            Pods = All<Pod>(objects),
            Templates = All<SandboxTemplate>(objects),
            ConfigMaps = All<ConfigMap>(objects),
            Flavors = All<ResourceFlavor>(objects),
            PriorityClasses = All<WorkloadPriorityClass>(objects),
            CordonedNodes = [.. All<Node>(objects).Where(node => node.Spec.Unschedulable).Select(node => node.Metadata.Name)],
            Load = head["load"] is JsonArray load ? Load(load, now) : null,
            Certificates = head["certificates"] is { } certificates ? Json.Read<CertificateState>(certificates) : null,
            Memory = head["memory"] is { } memory ? Json.Read<PoolMemory>(memory) : new PoolMemory(),
        };
    }

    internal static JsonObject Render(Plan plan) => new()
    {
        ["actions"] = new JsonArray([.. plan.Actions.Select(Render)]),
        ["lookAgainAfter"] = plan.LookAgainAfter?.TotalSeconds,
        ["memory"] = Json.Node(plan.Memory),
    };

    internal static JsonNode Render(PlannedAction action) => action switch
    {
        CreateAction create => new JsonObject { ["create"] = $"{create.Kind} {create.Key}", ["body"] = create.Body.DeepClone() },
        PatchAction patch => new JsonObject { [patch.Subresource is null ? "patch" : $"patch {patch.Subresource}"] = $"{patch.Kind} {patch.Key}", ["body"] = patch.Patch.DeepClone() },
        DeleteAction delete => new JsonObject
        {
            ["delete"] = $"{delete.Kind} {delete.Key}",
            ["uid"] = delete.Uid,
            ["graceSeconds"] = delete.GraceSeconds,
        },
        EventAction told => new JsonObject
        {
            ["event"] = $"{told.Kind} {told.Key}",
            ["type"] = told.IsWarning ? "Warning" : "Normal",
            ["reason"] = told.Reason,
            ["note"] = told.Note,
        },
        _ => throw new NotSupportedException(action.GetType().Name),
    };

    private static PoolLoad Load(JsonArray workers, DateTimeOffset now)
    {
        var all = workers.Select(worker => Json.Read<WorkerLoad>(worker!)).ToList();
        return new PoolLoad
        {
            Time = now,
            Workers = all.Where(worker => worker.Name.Length > 0).ToDictionary(worker => worker.Name),
            Unplaced = all.Where(worker => worker.Name.Length == 0).Sum(worker => worker.RunsWaiting),
        };
    }

    private static List<T> All<T>(ILookup<string, JsonObject> objects) => [.. objects[typeof(T).Name].Select(item => Json.Read<T>(item))];
}
