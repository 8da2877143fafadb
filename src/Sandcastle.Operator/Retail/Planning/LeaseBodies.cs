using System.Globalization;
using System.Text.Json.Nodes;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Planning;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Resources.Tenants;

namespace Sandcastle.Operator.Retail.Planning;

/// <summary>Workloads of leases as they are made: no Pod is ever made of them, and no node has what they ask for.</summary>
internal static class LeaseBodies
{
    internal static string Name(Tenant tenant, int number)
    {
        var uid = tenant.Metadata.Uid.Replace("-", "", StringComparison.Ordinal);
        return $"lease-{tenant.Metadata.Name}-{uid[..Math.Min(5, uid.Length)]}-{number.ToString("D4", CultureInfo.InvariantCulture)}";
    }

    /// <param name="tenant">Who leases.</param>
    /// <param name="number">In the chain.</param>
    /// <param name="credits">How many.</param>
    /// <param name="isElastic">Grows by slices.</param>
    /// <param name="replaces">The one whose place it takes; null for none.</param>
    /// <param name="now">When.</param>
    internal static JsonObject Workload(Tenant tenant, int number, int credits, bool isElastic, LeaseView? replaces, DateTimeOffset now)
    {
        var annotations = new JsonObject { [Labels.ChangedAt] = Time(now) };
        if (isElastic)
        {
            annotations[Names.ElasticAnnotation] = "true";
        }

        if (replaces is not null)
        {
            annotations[Names.ReplacementAnnotation] = $"{replaces.Workload.Metadata.Namespace}/{replaces.Name}";
        }

        return new JsonObject
        {
            ["apiVersion"] = Names.ApiVersion,
            ["kind"] = ResourceKind.Workloads.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = Name(tenant, number),
                ["namespace"] = tenant.Metadata.Namespace,
                ["labels"] = new JsonObject { [Names.JobUidLabel] = tenant.Metadata.Uid, [Labels.Tenant] = tenant.Metadata.Name },
                ["annotations"] = annotations,
                ["finalizers"] = new JsonArray(Names.Finalizer),
                ["ownerReferences"] = new JsonArray(Bodies.Owner(ResourceKind.Tenants, tenant)),
            },
            ["spec"] = new JsonObject { ["queueName"] = tenant.Spec.QueueName, ["podSets"] = PodSets(credits) },
        };
    }

    /// <summary>Another size in place: Kueue lets the count alone change, and of what holds quota only downwards.</summary>
    internal static JsonObject Resize(int credits, DateTimeOffset now) => new()
    {
        ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Labels.ChangedAt] = Time(now) } },
        ["spec"] = new JsonObject { ["podSets"] = PodSets(credits) },
    };

    private static JsonArray PodSets(int credits) => new(new JsonObject
    {
        ["name"] = Names.Credits,
        ["count"] = credits,
        ["template"] = new JsonObject
        {
            ["spec"] = new JsonObject
            {
                // Never pulled: the definition demands a container.
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = "credit",
                    ["image"] = "sandcastle.dev/credit",
                    ["resources"] = new JsonObject { ["requests"] = Requests(), ["limits"] = Requests() },
                }),
                ["restartPolicy"] = "Never",
            },
        },
    });

    private static JsonObject Requests() => new()
    {
        [Credit.CpuResource] = Credit.CpuMillis.ToString(CultureInfo.InvariantCulture),
        [Credit.MemoryResource] = Credit.MemoryMib.ToString(CultureInfo.InvariantCulture),
    };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
