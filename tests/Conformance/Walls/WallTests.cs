using Sandcastle.Client;
using Sandcastle.Conformance.Targets;
using Sandcastle.Conformance.Trials;
using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.Conformance.Walls;

/// <summary>That attacks can fail: each gets through where the wall that holds it is gone.</summary>
public sealed class WallTests(CurrentTarget current)
{
    /// <summary>Two programs that try to meet may miss each other where one of them was kept waiting: that they can is shown by one time that they do.</summary>
    private const int TimesToMeet = 5;

    /// <summary>Also what must be seen: <c>through</c>, or <c>held</c> where an attack is not marked with the walls.</summary>
    public static TheoryData<string, string, string, string> Pairs =>
        [.. Breach.All.Select(pair => (pair.Walls, pair.Attack.Family, pair.Attack.Name, pair.Attack.Walls.Contains(pair.Walls) ? "through" : "held"))];

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Pairs))]
    public async Task Attack_without(string walls, string family, string name, string ends)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a jail without walls is only tried within an outer cgroup, which needs root");
        Assert.SkipUnless(TargetHome.CanBuild, "a jail without walls is built on the way, and there is no compiler");
        var attack = AttackTable.Find(family, name);
        Assert.SkipWhen(Environment.OSVersion.Version < attack.Since, $"what is tried came with kernel {attack.Since}");
        var target = await current.BecomeAsync("without " + walls, () => Breach.OpenAsync(walls));

        var verdict = await TryAsync(target, attack);
        for (var times = 1; times < TimesToMeet && ends == "through" && verdict.Ending == Ending.Held && attack.Beside is not null; times++)
        {
            verdict = await TryAsync(target, attack);
        }

        if (ends == "through")
        {
            verdict.Ending.ShouldBe(Ending.Through, verdict.Evidence);
        }
        else
        {
            verdict.Ending.ShouldNotBe(Ending.Through, $"{attack} can be marked with {walls}: {verdict.Evidence}");
        }
    }

    /// <summary>An attack that ends the daemon itself has got very far.</summary>
    private async Task<Verdict> TryAsync(ITarget target, Attack attack)
    {
        try
        {
            return await Trial.RunAsync(target, attack);
        }
        catch (ServerUnreachableException unreachable)
        {
            await current.LoseAsync();
            return new Verdict(Ending.Through, unreachable.Message);
        }
    }

    [Fact]
    public void Families_and_walls_are_all_in_the_table()
    {
        var marked = AttackTable.All.SelectMany(attack => attack.Walls, (attack, walls) => (attack.Family, Walls: walls.Split('+'))).ToList();

        marked.SelectMany(mark => mark.Walls).Distinct().ShouldBe(WallSet.Walls, ignoreOrder: true);
        marked.Select(mark => mark.Family).Distinct().ShouldBe(AttackTable.All.Select(attack => attack.Family).Distinct(), ignoreOrder: true);
    }

    /// <summary>The file says itself how it was built (native/jail/walls.c), and nothing at run time decides it.</summary>
    [Theory]
    [InlineData("sandcastle-jail")]
    [InlineData("libsandcastle_jail.so")]
    public void What_is_shipped_has_every_wall(string file)
    {
        const string Mark = "SC_WITHOUT=";
        var text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(Repository.Root, "artifacts", "native", file)));

        text.Split(Mark).Length.ShouldBe(2);
        text.Split(Mark)[1][..2].ShouldBe("0\0");
    }
}
