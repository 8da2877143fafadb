using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Tests.Slots;

public sealed class SlotLineTests
{
    private readonly SlotLine _line = new();

    [Fact]
    public void Next_tenants_take_turns_and_the_runs_of_one_keep_their_order()
    {
        SlotWaiter[] waiters = [Add("a"), Add("a"), Add("a"), Add("b"), Add("c"), Add("c")];

        Served(SlotKind.Forked).ShouldBe([waiters[0], waiters[3], waiters[4], waiters[1], waiters[5], waiters[2]]);
        _line.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Next_turns_follow_weights_and_a_late_tenant_brings_no_credit()
    {
        for (var i = 0; i < 100; i++)
        {
            Add("a", weight: 1);
            Add("b", weight: 3);
        }

        var served = Enumerable.Range(0, 80).Select(_ => _line.Next(SlotKind.Forked)!.Tenant).ToList();
        served.Count(tenant => tenant == "a").ShouldBeInRange(19, 21);
        for (var i = 0; i < 10; i++)
        {
            Add("late", weight: 1);
        }

        var after = Enumerable.Range(0, 10).Select(_ => _line.Next(SlotKind.Forked)!.Tenant).ToList();
        after.Count(tenant => tenant == "late").ShouldBeInRange(1, 3);
        after.IndexOf("late").ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public void Next_tenant_that_is_always_back_at_once_gets_its_turn_and_no_more()
    {
        for (var i = 0; i < 50; i++)
        {
            Add("flood");
        }

        Add("back");
        var served = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            served.Add(_line.Next(SlotKind.Forked)!.Tenant);
            if (served[^1] == "back")
            {
                Add("back");
            }
        }

        served.Count(tenant => tenant == "back").ShouldBeInRange(19, 21);
    }

    [Fact]
    public void Next_passes_over_those_who_wait_for_another_kind()
    {
        var command = Add("a", SlotKind.Command);
        var forked = Add("a");

        _line.CountOf(SlotKind.Forked).ShouldBe(1);
        _line.Next(SlotKind.Forked).ShouldBe(forked);
        _line.Next(SlotKind.Forked).ShouldBeNull();
        _line.Next(SlotKind.Command).ShouldBe(command);
    }

    [Fact]
    public void Remove_takes_out_one_who_gave_up_once()
    {
        var first = Add("a");
        var second = Add("a");

        _line.Remove(first).ShouldBeTrue();
        _line.Remove(first).ShouldBeFalse();

        _line.Count.ShouldBe(1);
        Served(SlotKind.Forked).ShouldBe([second]);
    }

    [Fact]
    public void TakeAll_empties_the_line()
    {
        Add("a");
        Add("b", SlotKind.Command);

        _line.TakeAll().Count.ShouldBe(2);

        _line.IsEmpty.ShouldBeTrue();
        _line.CountOf(SlotKind.Command).ShouldBe(0);
        _line.Next(SlotKind.Forked).ShouldBeNull();
    }

    private SlotWaiter Add(string tenant, SlotKind kind = SlotKind.Forked, int weight = 1)
    {
        var waiter = new SlotWaiter(kind, tenant, weight);
        _line.Add(waiter);
        return waiter;
    }

    private List<SlotWaiter> Served(SlotKind kind)
    {
        var served = new List<SlotWaiter>();
        while (_line.Next(kind) is { } waiter)
        {
            served.Add(waiter);
        }

        return served;
    }
}
