using Sandcastle.Operator.Load;
using Sandcastle.Operator.Planning;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Tests.Planning;

public sealed class DemandTests
{
    private static readonly PoolSpec Pool = new()
    {
        Templates = ["python"],
        QueueName = "q",
        Image = "i",
        Resources = new WorkerResources { Cpu = new Quantity("1"), Memory = new Quantity("1Gi") },
        SlotsPerWorker = 100,
        Ready = 50,
        Workers = new PoolWorkers { Max = 20, PerLot = 2 },
    };

    [Theory]
    [InlineData(0, 0, 2)] // The slots kept ready are one worker, bought as a lot.
    [InlineData(100, 0, 2)] // 150 slots.
    [InlineData(150, 0, 4)] // 150 at 70 % are 215 slots.
    [InlineData(100, 100, 4)] // What waits counts as what runs: 286 slots.
    [InlineData(280, 0, 4)] // 400 slots, to the slot.
    [InlineData(281, 0, 6)]
    [InlineData(5000, 0, 20)] // The maximum.
    public void Workers_are_whole_lots_for_what_runs_and_waits(int busy, int wanted, int workers) =>
        Demand.Of(Pool, Load(busy, wanted)).Workers.ShouldBe(workers);

    [Theory]
    [InlineData(3, 0, 3)]
    [InlineData(3, 5, 5)]
    [InlineData(3, 1, 3)]
    [InlineData(0, 500, 20)]
    [InlineData(0, 0, 2)]
    public void Workers_follow_a_persons_wish_between_the_bounds(int min, int desired, int workers) =>
        Demand.Of(Pool with { Workers = Pool.Workers with { Min = min, Desired = desired } }, Load(0, 0)).Workers.ShouldBe(workers);

    [Fact]
    public void Workers_of_a_pool_that_keeps_nothing_ready_are_none() =>
        Demand.Of(Pool with { Ready = 0 }, Load(0, 0)).Workers.ShouldBe(0);

    [Fact]
    public void Workers_of_the_largest_pool_do_not_overflow() =>
        Demand.Of(Pool with { Ready = 1_000_000, SlotsPerWorker = 1, Scaling = new PoolScaling { TargetUtilization = 1 } }, Load(int.MaxValue, int.MaxValue))
            .Workers.ShouldBe(20);

    private static PoolLoad Load(int busy, int wanted) => new()
    {
        Time = default,
        Workers = new Dictionary<string, WorkerLoad> { ["a"] = new() { Name = "a", SlotsBusy = busy, RunsWaiting = wanted } },
    };
}
