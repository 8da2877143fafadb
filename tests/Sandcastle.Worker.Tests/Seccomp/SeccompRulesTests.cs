using CsCheck;
using Sandcastle.Linux.Errors;
using Sandcastle.Worker.Jails.Seccomp;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Tests.Seccomp;

public sealed class SeccompRulesTests
{
    private static readonly Gen<SeccompAction> Action = Gen.OneOf(
        Gen.Const(SeccompAction.Allow),
        Gen.Const(SeccompAction.Kill),
        Gen.Const(SeccompAction.Default),
        Gen.Const(new SeccompAction(RuleAction.Errno, Errno.EPERM)));

    [Fact]
    public void Of_any_decision_means_what_the_decision_means()
    {
        var gen =
            from decision in Decision(0)
            from register in Gen.OneOf(Gen.ULong[0, 40], Gen.ULong, Gen.ULong[0, 40].Select(low => low | 0xffffffff00000000))
            from second in Gen.OneOf(Gen.ULong[0, 40], Gen.ULong)
            select (decision, arguments: new[] { register, second, 0UL, 0UL, 0UL, 0UL });
        gen.Sample(
            sample =>
            {
                var holding = RulesOf(sample.decision)
                    .Where(rule => rule.Conditions.All(condition => condition.Holds(sample.arguments[condition.Argument])))
                    .ToList();

                // Never two: libseccomp has no order among the rules of a call.
                holding.Count.ShouldBeLessThanOrEqualTo(1);
                (holding.SingleOrDefault()?.Action ?? SeccompAction.Default).ShouldBe(sample.decision.Evaluate(sample.arguments));
            },
            iter: 20_000);
    }

    [Fact]
    public void Of_any_decision_compares_an_argument_once_in_a_rule() =>
        Decision(0).Sample(
            decision => RulesOf(decision).ShouldAllBe(
                rule => rule.Conditions.DistinctBy(item => item.Argument).Count() == rule.Conditions.Count),
            iter: 2_000);

    [Fact]
    public void Of_whole_register_range_at_its_upper_end_does_not_overflow()
    {
        var decision = new SeccompDecision
        {
            Argument = 0,
            Mask = null,
            Cases = [new SeccompCase([new SeccompRange(ulong.MaxValue - 2, ulong.MaxValue)], SeccompAction.Allow)],
            Otherwise = new SeccompAction(RuleAction.Errno, Errno.EPERM),
        };

        var rules = RulesOf(decision);

        rules.Count(rule => rule.Action == SeccompAction.Allow).ShouldBe(2);
        rules.ShouldNotContain(rule => rule.Conditions[0].Compare == RuleCompare.Ge);
    }

    private static IReadOnlyList<SeccompRule> RulesOf(SeccompDecision decision) => SeccompRules.Of(new SeccompPolicy
    {
        Groups = [new SeccompGroup { Name = "g", Reason = "r", Calls = ["read"], Verdict = decision }],
    });

    private static Gen<SeccompDecision> Decision(uint argument) =>
        from masked in Gen.Bool
        from mask in Gen.OneOf(Gen.ULong[1, 63], Gen.Const(0xffffffffUL), Gen.Const(0x7e020000UL))
        from cuts in Gen.ULong[0, 40].HashSet[0, 8]
        from verdicts in Verdict(argument).Array[4]
        from otherwise in Action
        select new SeccompDecision
        {
            Argument = argument,
            Mask = masked ? mask : null,
            Cases = [.. Cases(masked ? mask : null, cuts, verdicts)],
            Otherwise = otherwise,
        };

    private static Gen<SeccompVerdict> Verdict(uint argument) => argument > 0
        ? Action.Select(action => (SeccompVerdict)action)
        : Gen.OneOf(
            Action.Select(action => (SeccompVerdict)action), Decision(argument + 1).Select(decision => (SeccompVerdict)decision));

    // With a mask single values within it; without, ranges between each two cuts.
    private static IEnumerable<SeccompCase> Cases(ulong? mask, HashSet<ulong> cuts, SeccompVerdict[] verdicts)
    {
        var values = cuts.Select(cut => cut & (mask ?? ulong.MaxValue)).Distinct().Order().ToArray();
        var ranges = mask is null
            ? values.Chunk(2).Select(pair => new SeccompRange(pair[0], pair[^1]))
            : values.Select(value => new SeccompRange(value, value));
        return ranges.Select((range, index) => new SeccompCase([range], verdicts[index % verdicts.Length]));
    }
}
