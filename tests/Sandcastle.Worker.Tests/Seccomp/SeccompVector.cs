using System.Globalization;
using System.Runtime.InteropServices;
using Sandcastle.Worker.Jails.Seccomp;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Tests.Seccomp;

/// <summary>A call that is made under a filter, and what the policy says to it.</summary>
/// <param name="Line">As tests/native/seccomp_verdicts.c reads it.</param>
/// <param name="Call">Its name where it has one, for messages.</param>
/// <param name="Expected">As the same program answers.</param>
internal sealed record SeccompVector(string Line, string Call, string Expected)
{
    internal const string KillProcess = "kill-process";

    // The gates that are not this architecture's: ends and middles of x32's two ranges, and old calls of i386.
    private static readonly long[] X32 = [0, 1, 39, 59, 101, 231, 334, 449, 511, 512, 520, 545, 547, 548, 1023];
    private static readonly int[] I386 = [0, 1, 2, 4, 5, 11, 20, 26, 37, 102, 120, 162, 252, 358, 403, 450];

    /// <summary>Every number up to 1023, and every decided call on each way through its decisions.</summary>
    internal static IReadOnlyList<SeccompVector> All(IReadOnlyDictionary<string, int> numbers)
    {
        var names = numbers.ToDictionary(call => call.Value, call => call.Key);
        var native =
            from number in Enumerable.Range(0, 1024).Concat([100_000, 0x3fffffff, -1])
            let call = names.GetValueOrDefault(number, "")
            let verdict = SeccompProbe.Policy.Groups.FirstOrDefault(owner => owner.Calls.Contains(call))?.Verdict
            from rest in new[] { 0UL, ulong.MaxValue }
            from arguments in WaysOf(verdict, [rest, rest, rest, rest, rest, rest])
            select new SeccompVector(
                LineOf(number.ToString(CultureInfo.InvariantCulture), arguments), call, Describe(SeccompProbe.Policy.Evaluate(call, arguments)));
        var foreign = RuntimeInformation.OSArchitecture == Architecture.X64
            ? X32.Select(number => $"0x{number + 0x40000000:x}").Concat(I386.Select(number => $"i386:{number}"))
            : [];
        return [.. native, .. foreign.Select(number => new SeccompVector(number, "", KillProcess))];
    }

    /// <summary>Every combination of the values at which a call's decisions could turn, with rubbish in the upper half too.</summary>
    internal static IEnumerable<ulong[]> ArgumentsOf(string call)
    {
        var turning = new SortedDictionary<uint, SortedSet<ulong>>();
        Collect(SeccompProbe.Policy.Groups.FirstOrDefault(group => group.Calls.Contains(call))?.Verdict, turning);
        IEnumerable<ulong[]> all = [new ulong[6]];
        foreach (var (argument, values) in turning)
        {
            all = all.SelectMany(arguments => values.Select(value => With(arguments, argument, value)));
        }

        return all;
    }

    private static string LineOf(string number, ulong[] arguments) =>
        number + string.Concat(arguments.Take(5).Select(value => $" 0x{value:x}"));

    private static string Describe(SeccompAction action) => action.Kind == RuleAction.Kill ? KillProcess : action.ToString();

    private static void Collect(SeccompVerdict? verdict, SortedDictionary<uint, SortedSet<ulong>> turning)
    {
        if (verdict is not SeccompDecision decision)
        {
            return;
        }

        if (!turning.TryGetValue(decision.Argument, out var values))
        {
            turning[decision.Argument] = values = [];
        }

        values.UnionWith(TurningValues(decision));
        foreach (var item in decision.Cases)
        {
            Collect(item.Verdict, turning);
        }
    }

    /// <summary>Every way through a call's decisions at the values where each could turn; what is not looked at is once 0 and once all ones.</summary>
    private static IEnumerable<ulong[]> WaysOf(SeccompVerdict? verdict, ulong[] arguments)
    {
        if (verdict is not SeccompDecision decision)
        {
            return [arguments];
        }

        return
            from value in TurningValues(decision)
            from way in WaysOf(decision.Cases.FirstOrDefault(item => Holds(item, value & decision.Bits))?.Verdict, With(arguments, decision.Argument, value))
            select way;
    }

    private static bool Holds(SeccompCase item, ulong value) => item.Values.Any(range => value >= range.First && value <= range.Last);

    private static ulong[] With(ulong[] arguments, uint argument, ulong value)
    {
        var copy = (ulong[])arguments.Clone();
        copy[argument] = value;
        return copy;
    }

    private static SortedSet<ulong> TurningValues(SeccompDecision decision)
    {
        SortedSet<ulong> values = [0, 1, ulong.MaxValue, uint.MaxValue, 1UL << 32, 0x7fffffff, 0x80000000];
        foreach (var range in decision.Cases.SelectMany(item => item.Values))
        {
            values.UnionWith([range.First, range.First - 1, range.Last, range.Last + 1]);
            values.UnionWith([range.First | (1UL << 32), range.First | 0xffffffff00000000]);
        }

        values.UnionWith(Enumerable.Range(0, 64).Select(bit => 1UL << bit & decision.Bits));
        return values;
    }
}
