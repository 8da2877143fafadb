using Sandcastle.Fleet;
using Sandcastle.Manager.Routing;

namespace Sandcastle.Manager.Tests.Routing;

/// <summary>The router before 1,000 workers with 100,000 slots, 5,000 runs a second, in simulated time; what a decision costs is measured by the benchmark.</summary>
public sealed class FleetTests
{
    private const int Workers = 1_000;
    private const int PerSecond = 5_000;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData(10, 0.0)]
    [InlineData(19, 0.0001)]
    public async Task Run_waits_at_a_full_worker_hardly_ever_while_others_have_room(int secondsARun, double waiting)
    {
        var fleet = new SimulatedFleet(Workers, slotsEach: 100, TimeSpan.FromSeconds(secondsARun), seed: 1);
        var router = new WorkerRouter(fleet);

        var runs = await LoadAsync(fleet, router, TimeSpan.FromSeconds(4 * secondsARun), _ => { });

        TestContext.Current.TestOutputHelper!.WriteLine($"{fleet.Routed} routed, {fleet.Busy} busy at the end, {fleet.Waited} waited");
        fleet.Routed.ShouldBe(runs);
        ((double)fleet.Busy).ShouldBeInRange(0.9 * PerSecond * secondsARun, 1.1 * PerSecond * secondsARun);
        ((double)fleet.Waited / fleet.Routed).ShouldBeLessThanOrEqualTo(waiting);
    }

    [Fact]
    public async Task Runs_wait_when_there_are_more_than_slots()
    {
        var fleet = new SimulatedFleet(Workers, slotsEach: 100, TimeSpan.FromSeconds(21), seed: 3);

        await LoadAsync(fleet, new WorkerRouter(fleet), TimeSpan.FromSeconds(84), _ => { });

        fleet.Busy.ShouldBeInRange(99 * Workers, 100 * Workers);
        fleet.Waited.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public async Task Worker_that_drains_gets_nothing_more_from_the_moment_that_is_known()
    {
        var fleet = new SimulatedFleet(Workers, slotsEach: 100, TimeSpan.FromSeconds(1), seed: 2);
        var router = new WorkerRouter(fleet);

        // Ten a second go, and the one before comes back.
        await LoadAsync(fleet, router, TimeSpan.FromSeconds(5), millisecond =>
        {
            var (turn, rest) = Math.DivRem(millisecond, 100);
            if (rest == 0)
            {
                fleet.SetDraining(turn % Workers, draining: true);
                fleet.SetDraining((turn + Workers - 1) % Workers, draining: false);
            }
        });

        fleet.SentToDraining.ShouldBe(0);
        fleet.Version.ShouldBeGreaterThan(90);
        fleet.Waited.ShouldBe(0);
    }

    /// <returns>How many runs were asked for.</returns>
    private static async Task<int> LoadAsync(SimulatedFleet fleet, WorkerRouter router, TimeSpan time, Action<int> each)
    {
        var under = new Queue<Task>();
        var asked = 0;
        for (var millisecond = 0; millisecond < time.TotalMilliseconds; millisecond++)
        {
            each(millisecond);
            fleet.Advance(Step);
            for (var i = 0; i < PerSecond / 1_000; i++, asked++)
            {
                under.Enqueue(router.RunAsync(SimulatedFleet.Order, null, () => false, CancellationToken.None));
            }

            while (under.TryPeek(out var first) && first.IsCompleted)
            {
                await under.Dequeue();
            }
        }

        return asked;
    }
}
