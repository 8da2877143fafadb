using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Load;

namespace Sandcastle.Operator.Tests.Load;

public sealed class LoadBoardTests
{
    private static readonly ObjectKey Pool = new("pools", "py");
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private readonly LoadBoard _board = new();

    [Fact]
    public void Of_is_unknown_before_the_first_answer_and_empty_after_one_without_the_pool()
    {
        _board.Of(Pool).ShouldBeNull();
        _board.Take([], Now);

        _board.Of(Pool)!.Workers.ShouldBeEmpty();
    }

    [Fact]
    public void Take_of_two_managers_reports_joins_what_they_know_of_a_worker()
    {
        _board.Take(
        [
            Worker("a") with { Draining = true, SlotsBusy = 3, SlotsReady = 7, RunsWaiting = 2 },
            Worker("a") with { Draining = false, SlotsBusy = 4, SlotsReady = 6, RunsWaiting = 5 },
            Worker("") with { RunsWaiting = 9 },
        ], Now);

        var load = _board.Of(Pool)!;
        load.Workers["a"].ShouldBe(Worker("a") with { Draining = false, SlotsBusy = 4, SlotsReady = 6, RunsWaiting = 7 });
        load.Wanted.ShouldBe(16);
        load.Busy.ShouldBe(4);
    }

    [Fact]
    public void Take_names_the_pools_of_which_something_else_is_said()
    {
        var other = new ObjectKey("pools", "js");
        _board.Take([Worker("a"), Worker("b") with { Pool = "js" }], Now).ShouldBe([Pool, other], ignoreOrder: true);
        _board.Take([Worker("a"), Worker("b") with { Pool = "js" }], Now.AddSeconds(1)).ShouldBeEmpty();
        _board.Take([Worker("a") with { SlotsBusy = 1 }, Worker("b") with { Pool = "js" }], Now.AddSeconds(2)).ShouldBe([Pool]);
        _board.Take([Worker("a") with { SlotsBusy = 1 }], Now.AddSeconds(3)).ShouldBe([other]);
        _board.Of(Pool)!.Time.ShouldBe(Now.AddSeconds(3));
    }

    private static WorkerLoad Worker(string name) => new() { Name = name, Namespace = "pools", Pool = "py", Lot = "py-0001" };
}
