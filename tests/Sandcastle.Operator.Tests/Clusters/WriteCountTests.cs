using System.Text.Json.Nodes;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>What the operator costs the API server, in writes.</summary>
public sealed class WriteCountTests
{
    private const int Lots = 250;

    [Fact]
    public async Task Operator_with_250_lots_writes_nothing_at_rest_and_a_bounded_number_per_event()
    {
        await using var cluster = await TestCluster.StartAsync(cpus: 100_000);
        await using var running = await cluster.StartOperatorAsync(change: options => options with { LoadPeriod = TimeSpan.FromSeconds(1) });
        cluster.CreatePool(change: spec => spec["workers"] = new JsonObject { ["min"] = 0, ["max"] = 2 * Lots, ["perLot"] = 2, ["desired"] = 2 * Lots });
        await cluster.WaitForReadyAsync(2 * Lots);
        await SettleAsync(cluster, running);
        var growing = cluster.Writes.Count;

        cluster.Server.Requests.Clear();
        var looks = 0;
        for (; looks < 60; looks++)
        {
            await LookAsync(cluster, running);
        }

        var atRest = cluster.Writes;

        // A lot more: the lot, its Workload, two Pods, and what is said of them.
        cluster.Server.Requests.Clear();
        cluster.PatchPool(new JsonObject { ["workers"] = new JsonObject { ["max"] = 2 * Lots + 2, ["desired"] = 2 * Lots + 2 } });
        await cluster.WaitForReadyAsync(2 * Lots + 2);
        await SettleAsync(cluster, running);
        var up = cluster.Writes.Count;

        cluster.Server.Requests.Clear();
        cluster.PatchPool(new JsonObject { ["workers"] = new JsonObject { ["max"] = 2 * Lots, ["desired"] = 2 * Lots } });
        await cluster.WaitForLotsAsync(all => all.Count == Lots);
        await SettleAsync(cluster, running);
        var down = cluster.Writes.Count;

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Lots} lots came with {growing} writes ({growing / (double)Lots:0.0} a lot); {atRest.Count} writes in {looks} looks at rest; a lot more: {up}; a lot fewer: {down}");
        atRest.Select(record => $"{record.Request.Verb} {record.Request.ResourceWithSubresource} {record.Request.Name}").ShouldBeEmpty();
        growing.ShouldBeLessThanOrEqualTo(20 * Lots);
        up.ShouldBeLessThanOrEqualTo(25);
        down.ShouldBeLessThanOrEqualTo(30);
    }

    /// <summary>Waits until several looks at the pool in a row have changed nothing.</summary>
    private static async Task SettleAsync(TestCluster cluster, RunningOperator running)
    {
        for (var quiet = 0; quiet < 5; quiet++)
        {
            var before = cluster.Writes.Count;
            await LookAsync(cluster, running);
            quiet = cluster.Writes.Count == before ? quiet : -1;
        }
    }

    /// <summary>Has the pool looked at once more, by a label that means nothing.</summary>
    private static Task LookAsync(TestCluster cluster, RunningOperator running) => running.LookAfterAsync(() =>
        cluster.Server.Objects.Patch("sandboxpools.sandcastle.dev", TestCluster.Namespace, "py", new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["looked-at"] = $"{cluster.Server.Objects.Revision}" } },
        }));
}
