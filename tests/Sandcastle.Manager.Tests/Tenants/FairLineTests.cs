using Sandcastle.Manager.Tenants.Enforcement;

namespace Sandcastle.Manager.Tests.Tenants;

public sealed class FairLineTests
{
    private readonly FairLine<string> _line = new();

    [Fact]
    public void Next_weightsOneToThree_servesOneToThreeAtEveryMoment()
    {
        Fill("a", 1, 400);
        Fill("b", 3, 400);
        var (a, b) = (0, 0);
        for (var i = 1; i <= 400; i++)
        {
            _ = Next() == "a" ? a++ : b++;
            Math.Abs(a - (i / 4.0)).ShouldBeLessThanOrEqualTo(1);
        }

        (a, b).ShouldBe((100, 300));
    }

    [Fact]
    public void Next_runsOfOneTenantCostMore_sharesFollowTheCost()
    {
        Fill("a", 1, 300, cost: 30);
        Fill("b", 1, 300, cost: 10);
        var served = Enumerable.Range(0, 200).Select(_ => Next()).ToList();
        served.Count(t => t == "a").ShouldBeInRange(49, 51);
    }

    [Fact]
    public void Correct_expectationWasWrong_sharesFollowWhatItCost()
    {
        Fill("a", 1, 300);
        Fill("b", 1, 300);
        var served = new List<string?>();
        for (var i = 0; i < 200; i++)
        {
            served.Add(Next());
            _line.Correct(served[^1]!, served[^1] == "a" ? 2 : 0);
        }

        served.Count(t => t == "a").ShouldBeInRange(49, 51);
    }

    [Fact]
    public void Join_besideAFlood_isServedWithinItsOwnTurn()
    {
        Fill("flood", 1, 1000);
        for (var i = 0; i < 500; i++)
        {
            Next();
        }

        Fill("late", 1, 3);
        var order = Enumerable.Range(0, 6).Select(_ => Next()).ToList();
        order.Count(t => t == "late").ShouldBe(3);
        order.IndexOf("late").ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Join_manyTenants_eachWaitsForOneOfEachOtherAtMost()
    {
        Fill("flood", 1, 1000);
        for (var i = 0; i < 9; i++)
        {
            Fill($"t{i}", 1, 1);
        }

        Enumerable.Range(0, 10).Select(_ => Next()).Distinct(StringComparer.Ordinal).Count().ShouldBe(10);
    }

    [Fact]
    public void Join_againAfterLeaving_bringsNoCredit()
    {
        Fill("a", 1, 1);
        Fill("b", 1, 100);
        Next().ShouldBe("a");
        for (var i = 0; i < 20; i++)
        {
            Fill("a", 1, 1);
            _ = (Next(), Next());
        }

        // Each time one of each was served: a never got two for one by coming anew.
        _line.Count.ShouldBe(80);
    }

    [Fact]
    public void PutBack_isFirstAgainAndPaysNothing()
    {
        var first = _line.Join("a", 1, 1, "a1");
        var second = _line.Join("a", 1, 1, "a2");
        _line.Join("a", 1, 1, "a3");
        _line.Join("b", 1, 1, "b1");
        (_line.Next(), _line.Next(), _line.Next()).ShouldBe(("a1", "b1", "a2"));
        _line.Join("b", 1, 1, "b1");

        // Whichever comes back first.
        _line.PutBack("a", 1, 1, "a1", first);
        _line.PutBack("a", 1, 1, "a2", second);
        _line.PlaceOf("a", "a1").ShouldBe(1);
        new[] { _line.Next(), _line.Next(), _line.Next(), _line.Next(), _line.Next() }.ShouldBe(["a1", "a2", "b1", "a3", null]);
    }

    [Fact]
    public void Remove_tellsThePlaceAndClosesTheGap()
    {
        _line.Join("a", 1, 1, "a1");
        _line.Join("a", 1, 1, "a2");
        _line.Join("a", 1, 1, "a3");
        _line.Remove("a", "a2").ShouldBe(2);
        _line.Remove("a", "a2").ShouldBe(0);
        _line.PlaceOf("a", "a3").ShouldBe(2);
        _line.Count.ShouldBe(2);
    }

    [Fact]
    public void TryPass_onlyWhenItWouldBeItsTurn_andItIsCharged()
    {
        _line.TryPass("b", 1, 1).ShouldBeTrue();
        Fill("a", 1, 100);
        Next();
        Next();
        _line.TryPass("a", 1, 1).ShouldBeFalse();
        _line.TryPass("b", 1, 1).ShouldBeTrue();
        _line.TryPass("b", 1, 1).ShouldBeFalse();
        Next();
        _line.TryPass("b", 1, 1).ShouldBeTrue();
    }

    private void Fill(string tenant, int weight, int count, double cost = 1)
    {
        for (var i = 0; i < count; i++)
        {
            // A string of its own each time: items are told apart by reference.
            _line.Join(tenant, weight, cost, new string(tenant));
        }
    }

    private string? Next() => _line.Next();
}
