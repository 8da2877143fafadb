using System.Text.Json.Nodes;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>
/// The operator killed behind every one of its writes, with and without having learnt of the last one, and started again: nothing is
/// doubled, no quota is kept, and what was wanted comes about.
/// </summary>
public sealed class KilledOperatorTests
{
    /// <summary>A pool comes, loses its lot to somebody, gets it back, grows, shrinks, and goes.</summary>
    private static readonly IReadOnlyList<(string Name, Action<TestCluster> Begin, Func<TestCluster, Task> End)> Story =
    [
        ("comes", cluster => cluster.CreatePool(), cluster => cluster.WaitForReadyAsync(2)),
        ("is evicted", cluster => cluster.CreateRival("rival", cpus: 14, priority: 5000), async cluster =>
        {
            await cluster.WaitForWorkloadsAsync(all => all.Any(item => IsOurs(item) && item["status"]?["admission"] is null && Invariants.Is(item, "Requeued")));
            await cluster.WaitForPodsAsync(all => all.Count == 0);
        }),
        ("comes again", cluster => cluster.Server.Objects.Delete("workloads.kueue.x-k8s.io", TestCluster.Namespace, "rival"), cluster => cluster.WaitForReadyAsync(2)),
        ("grows", cluster => cluster.PatchPool(new JsonObject { ["workers"] = new JsonObject { ["desired"] = 4 } }), cluster => cluster.WaitForReadyAsync(4)),
        ("shrinks", cluster => cluster.PatchPool(new JsonObject { ["workers"] = new JsonObject { ["desired"] = 2 } }), async cluster =>
        {
            await cluster.WaitForLotsAsync(all => all.Count == 1);
            await cluster.WaitForWorkloadsAsync(all => all.Count == 1);
            await cluster.WaitForPodsAsync(all => all.Count == 2);
        }),
        ("goes", cluster => cluster.Server.Objects.Delete("sandboxpools.sandcastle.dev", TestCluster.Namespace, "py"), async cluster =>
        {
            await cluster.WaitForPodsAsync(all => all.Count == 0);
            await cluster.WaitForWorkloadsAsync(all => all.Count == 0);
            await cluster.WaitForLotsAsync(all => all.Count == 0);
            await cluster.WaitAsync("configmaps", all => all.Count == 0);
        }),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Operator_killed_behind_any_write_is_followed_by_one_that_goes_on(bool losesLastAnswer)
    {
        var cuts = await Task.WhenAll(Story.Select(part => CutEverywhereAsync(part.Name, part.Begin, part.End, losesLastAnswer)));

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", Story.Zip(cuts, (part, count) => $"{part.Name}: {count} cuts")));
        // At the end the garbage collector does most, and the operator's one write may be the last thing that happens at all.
        cuts.SkipLast(1).ShouldAllBe(count => count > 0);
        cuts.Sum().ShouldBeGreaterThan(20);
    }

    /// <returns>At how many places the operator was killed.</returns>
    private static async Task<int> CutEverywhereAsync(string chapter, Action<TestCluster> begin, Func<TestCluster, Task> end, bool losesLastAnswer)
    {
        for (var writes = 1; ; writes++)
        {
            await using var cluster = await TestCluster.StartAsync(cpus: 16);
            using var ended = new CancellationTokenSource();
            var invariants = new Invariants(cluster, mostWorkers: 8);
            var watching = invariants.WatchAsync(ended.Token);
            await LiveUntilAsync(cluster, chapter);

            var wasCut = false;
            using (var cut = cluster.Server.Faults.CutOff(TestCluster.IsWrite, writes, losesLastAnswer))
            {
                await using var killed = await cluster.StartOperatorAsync();
                begin(cluster);
                var done = end(cluster);
                wasCut = await Task.WhenAny(done, cut.Happened) != done;
            }

            // Only what it has been killed in the middle of is of interest; beyond its last write there is no middle.
            await using (await cluster.StartOperatorAsync())
            {
                await end(cluster);
            }

            await ended.CancelAsync();
            await watching;
            invariants.ShouldHold();
            if (!wasCut)
            {
                return writes - 1;
            }
        }
    }

    /// <summary>The story up to a chapter, by an operator that nobody kills.</summary>
    private static async Task LiveUntilAsync(TestCluster cluster, string chapter)
    {
        await using var running = await cluster.StartOperatorAsync();
        foreach (var (_, begin, end) in Story.TakeWhile(part => part.Name != chapter))
        {
            begin(cluster);
            await end(cluster);
        }
    }

    private static bool IsOurs(JsonObject workload) => workload["metadata"]!["labels"]?["sandcastle.dev/pool"] is not null;
}
