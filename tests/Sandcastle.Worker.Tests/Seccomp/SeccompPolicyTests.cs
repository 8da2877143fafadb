using System.Runtime.InteropServices;
using Sandcastle.Worker.Jails.Seccomp;

namespace Sandcastle.Worker.Tests.Seccomp;

public sealed class SeccompPolicyTests(SeccompProbe probe)
{
    // 450 is set_mempolicy_home_node, Linux 5.17: what libseccomp learns later may be unnamed, and answers ENOSYS.
    private const int NumbersOfThePolicy = 450;

    [Fact]
    public void Load_shipped_policy_gives_every_group_a_reason_worth_reading()
    {
        foreach (var group in SeccompProbe.Policy.Groups)
        {
            group.Reason.Length.ShouldBeGreaterThan(20, group.Name);
            group.Reason.ShouldEndWith(".", customMessage: group.Name);
        }
    }

    [Fact]
    public void Load_shipped_policy_is_the_one_that_was_agreed()
    {
        var golden = Repository.PathTo("tests", "golden", "seccomp", "calls.txt");
        var lines =
            from owner in SeccompProbe.Policy.Groups
            from call in owner.Calls
            orderby call
            select $"{call}: {Describe(owner.Verdict)} ({owner.Name})\n";
        var text = string.Concat(lines);
        if (Environment.GetEnvironmentVariable("SANDCASTLE_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(golden, text);
        }

        text.ShouldBe(File.ReadAllText(golden), "run with SANDCASTLE_UPDATE_GOLDEN=1 and read the difference");
    }

    [Theory]
    [InlineData(Architecture.X64)]
    [InlineData(Architecture.Arm64)]
    public async Task Load_shipped_policy_names_every_call_of_the_architecture(Architecture architecture)
    {
        var named = SeccompProbe.Policy.Groups.SelectMany(group => group.Calls).ToHashSet();
        var numbers = await probe.NumbersAsync(architecture);

        numbers.Where(call => call.Value <= NumbersOfThePolicy && !named.Contains(call.Key)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Load_shipped_policy_names_no_call_that_neither_architecture_has()
    {
        var known = (await probe.NumbersAsync(Architecture.X64)).Keys.ToHashSet();
        known.UnionWith((await probe.NumbersAsync(Architecture.Arm64)).Keys);

        SeccompProbe.Policy.Groups.SelectMany(group => group.Calls).Where(call => !known.Contains(call)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("groups: []", "has no group of rules")]
    [InlineData("groups: [{reason: r, action: allow, calls: [read]}]", "group 1.name: is missing")]
    [InlineData("groups: [{name: g, action: allow, calls: [read]}]", "group 'g'.reason: is missing")]
    [InlineData("groups: [{name: g, reason: ' ', action: allow, calls: [read]}]", "group 'g'.reason: is empty")]
    [InlineData("groups: [{name: g, reason: r, action: allow}]", "group 'g'.calls: must name at least one")]
    [InlineData("groups: [{name: g, reason: r, action: allow, calls: [Read]}]", "group 'g'.calls: 'Read' is no name of a call")]
    [InlineData("groups: [{name: g, reason: r, action: deny, calls: [read]}]", "'deny' is neither allow, nor kill, nor ok, nor an errno")]
    [InlineData("groups: [{name: g, reason: r, calls: [read]}]", "exactly one of action and decide is wanted")]
    [InlineData("groups: [{name: g, reason: r, action: allow, call: [read], calls: [read]}]", "group 'g'.call: is unknown")]
    [InlineData("group: []", "group: is unknown")]
    [InlineData("constants: {a: 1}", "'a: 1' is no name in capitals with a number")]
    [InlineData("groups: [", "policy.yaml:2: While parsing")]
    [InlineData("groups: [{name: g, reason: r, action: allow, calls: [read, read]}]", "'read' is in group 'g' of policy.yaml already")]
    [InlineData(
        "groups: [{name: g, reason: r, action: allow, calls: [read]}, {name: h, reason: r, action: EPERM, calls: [read]}]",
        "group 'h': 'read' is in group 'g' of policy.yaml already")]
    [InlineData(
        "groups: [{name: g, reason: r, action: allow, calls: [read]}, {name: g, reason: r, action: allow, calls: [write]}]",
        "group 'g': is also a group 'g' of policy.yaml")]
    public void Load_wrong_group_says_what_and_where(string yaml, string error) => Errors(yaml).ShouldContain(line => line.Contains(error));

    [Theory]
    [InlineData("{argument: 6, cases: [], otherwise: EPERM}", "argument: must be a whole number from 0 to 5")]
    [InlineData("{cases: [], otherwise: EPERM}", "argument: is missing")]
    [InlineData("{argument: 0, cases: []}", "otherwise: is missing")]
    [InlineData("{argument: 0, mask: 0, cases: [], otherwise: EPERM}", "mask: '0' is no number with a bit set")]
    [InlineData("{argument: 0, cases: [{is: [X], action: allow}], otherwise: EPERM}", "'X' is neither a number nor a constant nor a range")]
    [InlineData("{argument: 0, cases: [{is: [2-1], action: allow}], otherwise: EPERM}", "'2-1' is neither a number")]
    [InlineData("{argument: 0, cases: [{is: [], action: allow}], otherwise: EPERM}", "is: must have at least one value")]
    [InlineData("{argument: 0, cases: [{is: [1-3, 3], action: allow}], otherwise: EPERM}", "0x1-0x3 and 0x3 overlap")]
    [InlineData("{argument: 0, mask: 1, cases: [{is: [2], action: allow}], otherwise: EPERM}", "'2' is a range or has bits outside")]
    [InlineData("{argument: 0, mask: 3, cases: [{is: [1-2], action: allow}], otherwise: EPERM}", "'1-2' is a range or has bits outside")]
    [InlineData("{argument: 0, cases: [{is: [1], action: EPERM}], otherwise: allow}", "allow is only for a decision with a mask of 32")]
    [InlineData("{argument: 0, mask: 0x1ffffffff, cases: [{is: [1], action: EPERM}], otherwise: allow}", "a mask of 32 bits")]
    [InlineData(
        "{argument: 0, cases: [{is: [1], decide: {argument: 0, cases: [], otherwise: EPERM}}], otherwise: EPERM}",
        "cases[0].decide.argument: is looked at further up already")]
    public void Load_wrong_decision_says_what_and_where(string decide, string error) =>
        Errors($"groups: [{{name: g, reason: r, calls: [read], decide: {decide}}}]")
            .ShouldContain(line => line.Contains("group 'g'.decide") && line.Contains(error));

    [Fact]
    public void Load_several_wrong_files_tells_all_errors_at_once()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("a.yaml", "groups: [{name: g, action: allow, calls: [read]}]");
        directory.Write("b.yaml", "groups: [{name: h, reason: r, action: nothing, calls: [read]}]\nmore: 1");

        var errors = Should.Throw<SeccompPolicyException>(() => SeccompPolicy.Load(directory.Location)).Errors;

        errors.Count.ShouldBe(4);
        errors.ShouldContain(line => line.StartsWith(directory.PathTo("a.yaml") + ":1: group 'g'.reason"));
        errors.ShouldContain(line => line.StartsWith(directory.PathTo("b.yaml") + ":1: group 'h'.action"));
        errors.ShouldContain(line => line.StartsWith(directory.PathTo("b.yaml") + ":2: more"));
        errors.ShouldContain(line => line.Contains("'read' is in group 'g' of a.yaml already"));
    }

    [Fact]
    public void Load_missing_directory_throws() =>
        Should.Throw<SeccompPolicyException>(() => SeccompPolicy.Load("/nowhere")).Errors.ShouldBe(["/nowhere: is no directory"]);

    private static IReadOnlyList<string> Errors(string yaml)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("policy.yaml", yaml);
        return Should.Throw<SeccompPolicyException>(() => SeccompPolicy.Load(directory.Location)).Errors;
    }

    private static string Describe(SeccompVerdict verdict) => verdict is SeccompDecision decision
        ? $"[{decision.Argument}{(decision.Mask is { } mask ? $" & 0x{mask:x}" : "")}] "
            + string.Join(", ", decision.Cases.Select(item => $"{string.Join('|', item.Values)} {{ {Describe(item.Verdict)} }}"))
            + $", else {decision.Otherwise}"
        : verdict.ToString()!;
}
