using System.Text.Json.Nodes;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>
/// The operator killed behind every one of its writes about one tenant, with and without having learnt of the last one, and followed by
/// another: no lease is doubled, and what was wanted comes about.
/// </summary>
public sealed class KilledTenantTests
{
    private static readonly IReadOnlyList<(string Name, Action<TestCluster> Begin, Func<TestCluster, Task> End)> Story =
    [
        ("comes", cluster => RetailCluster.CreateTenant(cluster, "team-a"), cluster => SettledAsync(cluster, 4)),
        ("grows", cluster => cluster.Use.Set("team-a", cpuMillis: 650), cluster => SettledAsync(cluster, 8)),
        ("is preempted", cluster => RetailCluster.CreateRival(cluster, credits: 32, priority: 1000), cluster => RetailCluster.LeasedAsync(cluster, "team-a", 0)),
        ("comes again", cluster => cluster.Server.Objects.Delete(RetailCluster.Workloads, "team-b", "rival"), cluster => SettledAsync(cluster, 8)),
        ("shrinks", cluster => cluster.Use.Set("team-a"), cluster => SettledAsync(cluster, 4)),
        ("goes", cluster => cluster.Server.Objects.Delete(RetailCluster.Tenants, "team-a", "tenant"), async cluster =>
            await cluster.Server.Objects.WaitAsync(RetailCluster.Workloads, "team-a", all => all.Count == 0, RetailCluster.Limit)),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Operator_killed_behind_any_write_is_followed_by_one_that_goes_on(bool losesLastAnswer)
    {
        var cuts = await Task.WhenAll(Story.Select(part => CutEverywhereAsync(part.Name, losesLastAnswer)));

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", Story.Zip(cuts, (part, count) => $"{part.Name}: {count} cuts")));
        cuts.SkipLast(1).ShouldAllBe(count => count > 0);
        cuts.Sum().ShouldBeGreaterThan(10);
    }

    private static async Task<int> CutEverywhereAsync(string chapter, bool losesLastAnswer)
    {
        var (_, begin, end) = Story.Single(part => part.Name == chapter);
        for (var writes = 1; ; writes++)
        {
            await using var cluster = await TestCluster.StartAsync();
            RetailCluster.Prepare(cluster, credits: 32);
            using var ended = new CancellationTokenSource();
            var watching = MostHeldAsync(cluster, ended.Token);
            await using (await RetailCluster.StartOperatorAsync(cluster))
            {
                foreach (var part in Story.TakeWhile(part => part.Name != chapter))
                {
                    part.Begin(cluster);
                    await part.End(cluster);
                }
            }

            bool wasCut;
            using (var cut = cluster.Server.Faults.CutOff(TestCluster.IsWrite, writes, losesLastAnswer))
            {
                await using var killed = await RetailCluster.StartOperatorAsync(cluster);
                begin(cluster);
                var done = end(cluster);
                wasCut = await Task.WhenAny(done, cut.Happened) != done;
            }

            await using (await RetailCluster.StartOperatorAsync(cluster))
            {
                await end(cluster);
            }

            await ended.CancelAsync();
            (await watching).ShouldBeLessThanOrEqualTo(8, $"{chapter}, killed behind write {writes}");
            if (!wasCut)
            {
                return writes - 1;
            }
        }
    }

    /// <summary>The size is what it is to be, in Kueue's own count, too, and one Workload is left.</summary>
    private static async Task SettledAsync(TestCluster cluster, int credits)
    {
        await RetailCluster.LeasedAsync(cluster, "team-a", credits);
        await RetailCluster.UsageAsync(cluster, "team-a", credits);
        await cluster.Server.Objects.WaitAsync(RetailCluster.Workloads, "team-a", all => all.Count == 1, RetailCluster.Limit);
    }

    /// <returns>The most credits that were ever asked for by Workloads that are neither finished nor replaced.</returns>
    private static async Task<int> MostHeldAsync(TestCluster cluster, CancellationToken cancellationToken)
    {
        var most = 0;
        var seen = -1L;
        try
        {
            while (true)
            {
                var all = await cluster.Server.Objects.WaitAsync(RetailCluster.Workloads, "team-a", _ => cluster.Server.Objects.Revision != seen, cancellationToken);
                seen = cluster.Server.Objects.Revision;
                var living = all.Where(item => !Invariants.Is(item, "Finished")).ToList();
                var replaced = living.Select(item => item["metadata"]!["annotations"]?["kueue.x-k8s.io/workload-slice-replacement-for"]?.GetValue<string>()).ToHashSet();
                most = Math.Max(most, living.Where(item => !replaced.Contains($"team-a/{item["metadata"]!["name"]}")).Sum(Count));
            }
        }
        catch (OperationCanceledException)
        {
            return most;
        }
    }

    private static int Count(JsonObject workload) => workload["spec"]!["podSets"]![0]!["count"]!.GetValue<int>();
}
