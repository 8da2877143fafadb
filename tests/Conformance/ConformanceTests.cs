using Sandcastle.Conformance.Targets;
using Sandcastle.Conformance.Trials;

namespace Sandcastle.Conformance;

/// <summary>Every attack of the table, from the outside, through the API, on every profile.</summary>
public sealed class ConformanceTests(CurrentTarget current)
{
    public static TheoryData<string, string, string> Attacks =>
        [.. Profiles.Chosen.SelectMany(profile => Families.Chosen.Select(attack => (profile, attack.Family, attack.Name)))];

    // Not enumerated ahead, so that the order stays: one profile after the other.
    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Attacks))]
    public async Task Attack_is_held(string profile, string family, string name)
    {
        var attack = AttackTable.Find(family, name);
        var target = await current.BecomeAsync(profile, () => Profiles.StartAsync(profile));
        if (Profiles.WhyNot(profile, attack) is { } reason)
        {
            Assert.Skip("not tried: " + reason);
        }

        var verdict = await Trial.RunAsync(target, attack);

        Assert.SkipWhen(verdict.Ending == Ending.Untried, verdict.Evidence);
        verdict.ShouldBe(Verdict.Held);
    }

    [Fact]
    public async Task Attacks_in_C_compile()
    {
        foreach (var attack in AttackTable.All.Where(attack => attack.C is not null))
        {
            (await AttackProgram.OfAsync(attack)).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void Table_has_enough_attacks_with_different_names()
    {
        AttackTable.All.Count.ShouldBeGreaterThanOrEqualTo(150);
        AttackTable.All.Select(attack => attack.ToString()).ShouldBeUnique();
    }

    [Fact]
    public void Table_speaks_of_profiles_that_exist() =>
        AttackTable.All.SelectMany(attack => attack.Except.Keys.Concat(attack.Instead.Keys)).ShouldBeSubsetOf(Profiles.All);
}
