using System.Runtime.InteropServices;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>The policy in Kafel, the language of nsjail's <c>seccomp_string</c>.</summary>
/// <remarks>
/// Calls are written by number, and their arguments by places: the names that Kafel knows, and how wide it takes an argument to
/// be (a <c>{"fd", 4}</c> is compared by its lower half only), differ from one nsjail to the next. Arguments that a
/// policy names itself are compared as whole registers. A comment says which call it is.
/// </remarks>
internal static class KafelPolicy
{
    // x32 calls are those of x86-64 with this bit set. Kafel has no ranges, but makes one of neighbours with the same action.
    private const long X32 = 0x40000000;
    private const int X32Calls = 1024;

    /// <param name="policy">What to render.</param>
    /// <param name="numbers">The machine's calls (<see cref="SeccompNumbers"/>); what is not among them is left out and answers ENOSYS.</param>
    internal static string Render(SeccompPolicy policy, IReadOnlyDictionary<string, int> numbers) =>
        Render(policy, numbers, RuntimeInformation.OSArchitecture);

    /// <summary>As the other, for a machine that need not be this one.</summary>
    internal static string Render(SeccompPolicy policy, IReadOnlyDictionary<string, int> numbers, Architecture architecture)
    {
        var blocks =
            from rule in SeccompRules.Of(policy)
            where numbers.ContainsKey(rule.Call)
            group FilterOf(rule, numbers[rule.Call]) by rule.Action into filters
            select BlockOf(filters.Key, filters);
        if (architecture == Architecture.X64)
        {
            var others = Enumerable.Range(0, X32Calls).Select(number => $"SYSCALL[0x{X32 + number:x}]");
            blocks = blocks.Append(BlockOf(SeccompAction.Kill, others));
        }

        return string.Join(",\n", blocks) + $"\nDEFAULT {NameOf(SeccompAction.Default)}\n";
    }

    private static string BlockOf(SeccompAction action, IEnumerable<string> filters) =>
        $"{NameOf(action)} {{\n{string.Join(",\n", filters)}\n}}";

    private static string FilterOf(SeccompRule rule, int number)
    {
        if (rule.Conditions.Count == 0)
        {
            return $"SYSCALL[{number}] /* {rule.Call} */";
        }

        var highest = rule.Conditions.Max(condition => (int)condition.Argument);
        var names = string.Join(", ", Enumerable.Range(0, highest + 1).Select(argument => $"a{argument}"));
        var comparisons = string.Join(" && ", rule.Conditions.Select(ComparisonOf));
        return $"SYSCALL[{number}]({names}) {{ {comparisons} }} /* {rule.Call} */";
    }

    private static string ComparisonOf(SeccompCondition condition) => condition switch
    {
        { Compare: RuleCompare.Ge } => $"a{condition.Argument} >= 0x{condition.Value:x}",
        { Mask: ulong.MaxValue } => $"a{condition.Argument} == 0x{condition.Value:x}",
        _ => $"(a{condition.Argument} & 0x{condition.Mask:x}) == 0x{condition.Value:x}",
    };

    private static string NameOf(SeccompAction action) => action.Kind switch
    {
        RuleAction.Allow => "ALLOW",
        RuleAction.Kill => "KILL_PROCESS",
        _ => $"ERRNO({(int)action.Error})",
    };
}
