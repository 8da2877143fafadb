using System.Text;
using System.Text.Json;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Conformance;

/// <summary>Every attack of the table, from the outside, through the API.</summary>
public sealed class ConformanceTests(Target target)
{
    private static readonly string[] NobodysBusiness = ["root:", "PATH=", "SECRET"];

    public static TheoryData<string, string, string> Attacks => [.. AttackTable.All.Select(attack => (Target.Profile, attack.Family, attack.Name))];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Attack_is_held(string profile, string family, string name)
    {
        var attack = AttackTable.All.Single(a => a.Family == family && a.Name == name);

        var running = target.RunAsync(attack);
        var beside = attack.Beside is { } code ? target.RunAsync(new RunRequest { Template = "python", Code = code }) : null;
        var run = await running;

        run.Profile.ShouldBe(profile);
        Check(attack, run);
        if (beside is not null)
        {
            var other = await beside;
            (other.Outcome, other.Stdout).ShouldBe((Outcome.Succeeded, ""), other.Stderr);
        }

        if (attack.Then is { } then)
        {
            var next = await target.RunPythonAsync(then);
            (next.Outcome, next.Stdout).ShouldBe((Outcome.Succeeded, "held\n"), next.Stderr);
        }

        (await target.RunAsync(new RunRequest { Template = "python", Code = "print(1)" })).Stdout.ShouldBe("1\n");
    }

    [Fact]
    public void Table_has_enough_attacks_with_different_names()
    {
        AttackTable.All.Count.ShouldBeGreaterThanOrEqualTo(150);
        AttackTable.All.Select(attack => attack.ToString()).ShouldBeUnique();
    }

    private static void Check(Attack attack, RunResponse run)
    {
        attack.Expect.ShouldContain(JsonNamingPolicy.SnakeCaseLower.ConvertName($"{run.Outcome}"), run.Stdout + run.Stderr);
        Assert.SkipWhen(run.Stdout.StartsWith("skip:", StringComparison.Ordinal), run.Stdout);
        run.Stdout.ShouldNotContain("through");
        if (run.Outcome == Outcome.Succeeded)
        {
            run.Stdout.ShouldBe(attack.Bash is null ? "held\n" : "", run.Stderr);
        }

        foreach (var file in run.Files)
        {
            var content = file.ContentBase64 is { } base64 ? Encoding.UTF8.GetString(Convert.FromBase64String(base64)) : file.Content ?? "";
            NobodysBusiness.ShouldAllBe(word => !content.Contains(word), file.Path);
        }
    }
}
