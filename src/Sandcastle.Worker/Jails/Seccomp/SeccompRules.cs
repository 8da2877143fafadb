using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>
/// Turns a policy into rules that do not overlap: for any call and arguments at most one rule holds, so no renderer's
/// order matters, and when none holds the answer is the default, ENOSYS.
/// </summary>
/// <remarks>
/// libseccomp (2.5) has no "else" for a call but the default action of the whole filter; two rules of one call with the same argument
/// compared by an empty mask, or one rule without conditions, make it drop others. So "otherwise" is written out as what is
/// left of an argument's values, in aligned blocks of a power of two, each one masked comparison.
/// </remarks>
internal static class SeccompRules
{
    /// <summary>Rules in the order of groups and calls. Those that would say ENOSYS are left out: it is the default.</summary>
    internal static IReadOnlyList<SeccompRule> Of(SeccompPolicy policy) =>
    [
        .. from owner in policy.Groups
           from call in owner.Calls
           from rule in Expand(call, owner.Verdict, [])
           where rule.Action != SeccompAction.Default
           select rule,
    ];

    private static IEnumerable<SeccompRule> Expand(string call, SeccompVerdict verdict, IReadOnlyList<SeccompCondition> above)
    {
        if (verdict is not SeccompDecision decision)
        {
            return [new SeccompRule(call, (SeccompAction)verdict, above)];
        }

        var cases =
            from item in decision.Cases
            from range in item.Values
            from condition in Blocks(decision.Argument, decision.Bits, range)
            from rule in Expand(call, item.Verdict, [.. above, condition])
            select rule;
        var rest = Rest(decision).Select(condition => new SeccompRule(call, decision.Otherwise, [.. above, condition]));
        return cases.Concat(rest);
    }

    private static IEnumerable<SeccompCondition> Rest(SeccompDecision decision)
    {
        if (decision.Otherwise == SeccompAction.Default)
        {
            return [];
        }

        var named = decision.Cases.SelectMany(item => item.Values).OrderBy(range => range.First).ToArray();
        return decision.Mask is { } mask
            ? Untaken(decision.Argument, named, BitsOf(mask), 0, 0)
            : Gaps(decision.Argument, named);
    }

    /// <summary>What lies between and above ranges of the whole register; above the last one comparison does.</summary>
    private static IEnumerable<SeccompCondition> Gaps(uint argument, SeccompRange[] named)
    {
        var next = 0UL;
        foreach (var range in named)
        {
            if (range.First > next)
            {
                foreach (var condition in Blocks(argument, ulong.MaxValue, new SeccompRange(next, range.First - 1)))
                {
                    yield return condition;
                }
            }

            if (range.Last == ulong.MaxValue)
            {
                yield break;
            }

            next = range.Last + 1;
        }

        yield return new SeccompCondition(argument, RuleCompare.Ge, 0, next);
    }

    /// <summary>A range as blocks of values that differ in their lowest bits only. A single value is a block of one.</summary>
    private static IEnumerable<SeccompCondition> Blocks(uint argument, ulong bits, SeccompRange range)
    {
        for (var first = range.First; ;)
        {
            var low = 0UL; // the bits in which values of this block differ
            while ((first & ((low << 1) | 1)) == 0 && low != ulong.MaxValue && range.Last - first >= ((low << 1) | 1))
            {
                low = (low << 1) | 1;
            }

            yield return new SeccompCondition(argument, RuleCompare.MaskedEq, bits & ~low, first);
            if (range.Last - first <= low)
            {
                yield break;
            }

            first += low + 1;
        }
    }

    /// <summary>Walks down the bits of a mask, from the highest, and yields each half that holds no named value.</summary>
    private static IEnumerable<SeccompCondition> Untaken(
        uint argument, SeccompRange[] named, ulong[] bits, ulong known, ulong value)
    {
        if (named.Length == 0)
        {
            return [new SeccompCondition(argument, RuleCompare.MaskedEq, known, value)];
        }

        if (bits.Length == 0)
        {
            return [];
        }

        var bit = bits[0];
        var below = bits[1..];
        var clear = named.Where(range => (range.First & bit) == 0).ToArray();
        var set = named.Where(range => (range.First & bit) != 0).ToArray();
        return Untaken(argument, clear, below, known | bit, value)
            .Concat(Untaken(argument, set, below, known | bit, value | bit));
    }

    private static ulong[] BitsOf(ulong mask) =>
        [.. Enumerable.Range(0, 64).Select(place => 1UL << (63 - place)).Where(bit => (mask & bit) != 0)];
}
