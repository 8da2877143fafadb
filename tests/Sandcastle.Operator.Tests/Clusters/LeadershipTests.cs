using System.Text.Json.Nodes;
using Sandcastle.Operator.Leases;

namespace Sandcastle.Operator.Tests.Clusters;

public sealed class LeadershipTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Second_operator_waits_and_begins_when_the_first_ends()
    {
        var first = await _cluster.StartOperatorAsync("one-lease");
        _cluster.CreatePool();
        await _cluster.WaitForReadyAsync(2);
        await using var second = await _cluster.StartOperatorAsync("one-lease");
        second.Leadership.IsHeld.ShouldBeFalse();

        // An orderly end gives the lease back, so that nobody waits for its duration.
        await first.DisposeAsync();
        _cluster.PatchPool(new JsonObject { ["workers"] = new JsonObject { ["desired"] = 4 } });

        await _cluster.WaitForReadyAsync(4);
        second.Leadership.IsHeld.ShouldBeTrue();
        _cluster.Lots.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Operator_that_sees_another_holder_writes_nothing_any_more()
    {
        await using var running = await _cluster.StartOperatorAsync("taken");
        _cluster.CreatePool();
        await _cluster.WaitForReadyAsync(2);

        Take("taken");
        await WaitAsync(() => !running.Leadership.IsHeld);
        _cluster.Server.Requests.Clear();
        _cluster.PatchPool(new JsonObject { ["workers"] = new JsonObject { ["desired"] = 4 } });
        await WaitAsync(() => _cluster.Server.Requests.All.Count(record => record.Request is { Verb: "get", Resource: "leases" }) >= 3);

        _cluster.Writes.ShouldBeEmpty();
        running.Health.IsWorking.ShouldBeFalse();
    }

    [Fact]
    public async Task Operator_that_cannot_renew_stops_by_itself_and_another_takes_over()
    {
        LeaseOptions Short(LeaseOptions lease) => lease with { Duration = TimeSpan.FromSeconds(2), RenewDeadline = TimeSpan.FromSeconds(1) };
        await using var first = await _cluster.StartOperatorAsync("short", options => options with { Lease = Short(options.Lease) });
        _cluster.CreatePool();
        await _cluster.WaitForReadyAsync(2);

        // The first can neither renew nor learn that it cannot; its other writes still go through.
        using (_cluster.Server.Faults.CutOff(request => request.Resource == "leases", 0))
        {
            await WaitAsync(() => !first.Leadership.IsHeld);
        }

        await WaitAsync(() => first.Leadership.IsHeld);
        _cluster.PatchPool(new JsonObject { ["workers"] = new JsonObject { ["desired"] = 4 } });
        await _cluster.WaitForReadyAsync(4);
        _cluster.Lots.Count.ShouldBe(2);
    }

    private void Take(string lease) => _cluster.Server.Objects.Patch("leases.coordination.k8s.io", TestCluster.System, lease, new JsonObject
    {
        ["spec"] = new JsonObject { ["holderIdentity"] = "somebody-else", ["leaseDurationSeconds"] = 3600 },
    });

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
