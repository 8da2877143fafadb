using System.Globalization;
using System.Text.Json.Nodes;
using Sandcastle.Operator.Retail;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>What a test's cluster has for tenants: a retail queue, and two namespaces with a LocalQueue each.</summary>
internal static class RetailCluster
{
    internal const string Workloads = "workloads.kueue.x-k8s.io";
    internal const string Tenants = "tenants.sandcastle.dev";

    /// <summary>What does not come within five minutes has not, on however busy a machine.</summary>
    internal static CancellationToken Limit
    {
        get
        {
            var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromMinutes(5));
            return limit.Token;
        }
    }

    internal static void Prepare(TestCluster cluster, int credits)
    {
        var objects = cluster.Server.Objects;
        objects.Create("resourceflavors.kueue.x-k8s.io", Named("credit"));
        objects.Create("clusterqueues.kueue.x-k8s.io", Named("sandcastle-retail", spec: new JsonObject
        {
            ["namespaceSelector"] = new JsonObject(),
            ["preemption"] = new JsonObject { ["withinClusterQueue"] = "LowerPriority" },
            ["resourceGroups"] = new JsonArray(new JsonObject
            {
                ["coveredResources"] = new JsonArray("sandcastle.dev/millicpu", "sandcastle.dev/memory-mib"),
                ["flavors"] = new JsonArray(new JsonObject
                {
                    ["name"] = "credit",
                    ["resources"] = new JsonArray(
                        new JsonObject { ["name"] = "sandcastle.dev/millicpu", ["nominalQuota"] = Text(credits * 100), ["borrowingLimit"] = "100" },
                        new JsonObject { ["name"] = "sandcastle.dev/memory-mib", ["nominalQuota"] = Text(credits * 256) }),
                }),
            }),
            ["cohortName"] = "retail",
        }));
        foreach (var ns in new[] { "team-a", "team-b" })
        {
            cluster.Server.CreateNamespace(ns);
            objects.Create("localqueues.kueue.x-k8s.io", Named("retail", ns, new JsonObject { ["clusterQueue"] = "sandcastle-retail" }));
        }
    }

    /// <summary>The queue makes its Workloads pass the ledger's check.</summary>
    internal static void RequireLedger(TestCluster cluster)
    {
        cluster.Server.Objects.Create("admissionchecks.kueue.x-k8s.io", Named("sandcastle-ledger", spec: new JsonObject { ["controllerName"] = "sandcastle.dev/ledger" }));
        cluster.Server.Objects.Patch("clusterqueues.kueue.x-k8s.io", "", "sandcastle-retail", new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["admissionChecksStrategy"] = new JsonObject { ["admissionChecks"] = new JsonArray(new JsonObject { ["name"] = "sandcastle-ledger" }) },
            },
        });
    }

    internal static void CreateTenant(TestCluster cluster, string ns) => cluster.Server.Objects.Create(Tenants, Named("tenant", ns, []));

    internal static void PatchTenant(TestCluster cluster, string ns, JsonObject spec) =>
        cluster.Server.Objects.Patch(Tenants, ns, "tenant", new JsonObject { ["spec"] = spec });

    /// <summary>Somebody else's Workload in the retail queue.</summary>
    internal static void CreateRival(TestCluster cluster, int credits, int priority) => cluster.Server.Objects.Create(Workloads, Named("rival", "team-b", new JsonObject
    {
        ["queueName"] = "retail",
        ["priority"] = priority,
        ["podSets"] = new JsonArray(new JsonObject
        {
            ["name"] = "main",
            ["count"] = credits,
            ["template"] = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["restartPolicy"] = "Never",
                    ["containers"] = new JsonArray(new JsonObject
                    {
                        ["name"] = "c",
                        ["image"] = "i",
                        ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["sandcastle.dev/millicpu"] = "100", ["sandcastle.dev/memory-mib"] = "256" } },
                    }),
                },
            },
        }),
    }));

    /// <summary>An operator that is in a hurry. Without lots it would take all quota away: the queue that it keeps is another one, unless a test says.</summary>
    internal static Task<RunningOperator> StartOperatorAsync(TestCluster cluster, LeaseGrowth growth = LeaseGrowth.Slices, string queue = "of-nobody") => cluster.StartOperatorAsync(change: options => options with
    {
        Retail = new RetailOptions
        {
            Growth = growth,
            Queue = queue,
            GrowAfter = TimeSpan.FromMilliseconds(50),
            ShrinkAfter = TimeSpan.FromMilliseconds(400),
            ChangeEvery = TimeSpan.FromMilliseconds(300),
            QuotaEvery = TimeSpan.FromMilliseconds(200),
            LifecyclesPerSecond = 100,
        },
    });

    /// <summary>Waits until a tenant's status says that so much is leased, which is what managers enforce.</summary>
    internal static Task LeasedAsync(TestCluster cluster, string ns, int credits) => cluster.Server.Objects.WaitAsync(
        Tenants, ns, all => all.Any(item => item["status"]?["lease"]?["credits"]?.GetValue<int>() == credits), Limit);

    /// <summary>Waits until Kueue counts so much for the tenant's queue.</summary>
    internal static async Task UsageAsync(TestCluster cluster, string ns, int credits)
    {
        var queue = (await cluster.Server.Objects.WaitAsync(
            "localqueues.kueue.x-k8s.io", ns, all => all.Any(item => Usage(item, "sandcastle.dev/millicpu") == Text(credits * 100)), Limit))[0];
        Usage(queue, "sandcastle.dev/memory-mib").ShouldBe(Text(credits * 256));
    }

    private static string? Usage(JsonObject queue, string resource) => queue["status"]?["flavorsUsage"]?[0]?["resources"]?.AsArray()
        .Single(item => item!["name"]!.GetValue<string>() == resource)!["total"]!.GetValue<string>();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static JsonObject Named(string name, string? ns = null, JsonObject? spec = null)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null)
        {
            metadata["namespace"] = ns;
        }

        return spec is null ? new JsonObject { ["metadata"] = metadata } : new JsonObject { ["metadata"] = metadata, ["spec"] = spec };
    }
}
