using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Faults;

namespace Sandcastle.Operator.Tests.Clusters;

public sealed class ServerFaultTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _ended = new();
    private TestCluster _cluster = null!;
    private Invariants _invariants = null!;
    private Task _watching = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        _invariants = new Invariants(_cluster, mostWorkers: 8);
        _watching = _invariants.WatchAsync(_ended.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _watching;
        await _cluster.DisposeAsync();
        _ended.Dispose();
    }

    [Fact]
    public async Task Expired_watches_are_followed_by_lists_and_nothing_is_missed()
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool();
        await _cluster.WaitForReadyAsync(2);

        _cluster.PatchPool(Desired(4));
        _cluster.Server.ExpireHistory();

        await _cluster.WaitForReadyAsync(4);
        _cluster.Lots.Count.ShouldBe(2);
        _invariants.ShouldHold();
    }

    [Fact]
    public async Task Restarted_server_finds_the_operator_again_and_nothing_is_listed_anew()
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool();
        await _cluster.WaitForReadyAsync(2);
        _cluster.Server.Requests.Clear();

        await _cluster.Server.RestartAsync(TestContext.Current.CancellationToken);
        _cluster.PatchPool(Desired(4));

        await _cluster.WaitForReadyAsync(4);
        _cluster.Lots.Count.ShouldBe(2);
        _cluster.Server.Requests.All.Where(record => record.Request is { Verb: "list", Resource: "workerlots" }).ShouldBeEmpty();
        _invariants.ShouldHold();
    }

    [Theory]
    [InlineData(FaultMoment.BeforeEffect, FaultForm.BrokenConnection)]
    [InlineData(FaultMoment.AfterEffect, FaultForm.BrokenConnection)]
    [InlineData(FaultMoment.AfterEffect, FaultForm.Timeout)]
    [InlineData(FaultMoment.BeforeEffect, FaultForm.TooManyRequests)]
    public async Task Writes_that_fail_are_made_in_the_end_and_none_twice(FaultMoment moment, FaultForm form)
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.Server.Faults.FailWrites(6, moment, form, TestCluster.IsWrite);
        _cluster.CreatePool();

        await _cluster.WaitForReadyAsync(2);
        _cluster.Lots.Count.ShouldBe(1);
        _cluster.Workloads.Count.ShouldBe(1);
        _cluster.Pods.Count.ShouldBe(2);
        _invariants.ShouldHold();
    }

    [Fact]
    public async Task Slow_writes_make_nothing_twice()
    {
        _cluster.Server.Faults.WriteLatency = TimeSpan.FromSeconds(2);
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool();

        await _cluster.WaitForReadyAsync(2);
        _cluster.Lots.Count.ShouldBe(1);
        _invariants.ShouldHold();
    }

    [Fact]
    public async Task Kueue_that_is_down_leaves_workers_alone_and_is_waited_for()
    {
        await using var running = await _cluster.StartOperatorAsync();
        _cluster.CreatePool();
        await _cluster.WaitForReadyAsync(2);
        var before = _cluster.Pods.Select(pod => pod["metadata"]!["uid"]!.GetValue<string>()).ToList();

        _cluster.Server.Kueue.Down = true;
        _cluster.PatchPool(Desired(4));
        await _cluster.WaitForLotsAsync(all => all.Count == 2);
        // Its webhook is down with it, so that the new lot cannot even ask.
        await _cluster.WaitForPodsAsync(all => all.All(FakeKubelet.IsReady) && all.Count == 2);
        _cluster.Workloads.Count.ShouldBe(1);
        _cluster.Server.Kueue.Down = false;

        await _cluster.WaitForReadyAsync(4);
        before.ShouldBeSubsetOf(_cluster.Pods.Select(pod => pod["metadata"]!["uid"]!.GetValue<string>()));
        _invariants.ShouldHold();
    }

    private static JsonObject Desired(int workers) => new() { ["workers"] = new JsonObject { ["desired"] = workers } };
}
