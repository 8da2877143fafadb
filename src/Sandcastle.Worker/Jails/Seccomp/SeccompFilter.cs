using Sandcastle.Worker.Jails.Processes;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>The policy as a BPF program of this machine, made once at the worker's start by <c>sandcastle-jail policy</c>.</summary>
internal sealed record SeccompFilter
{
    /// <summary>struct sock_filter, one after the other.</summary>
    internal required byte[] Program { get; init; }

    /// <summary>Names that libseccomp does not know: they answer ENOSYS. None with the policy that is shipped.</summary>
    internal required IReadOnlyList<string> Warnings { get; init; }

    /// <param name="policy">What to compile.</param>
    /// <param name="jailProgramPath">sandcastle-jail.</param>
    /// <param name="cancellationToken">Ends the compiler.</param>
    /// <exception cref="SeccompPolicyException">libseccomp takes the rules in no way.</exception>
    internal static async Task<SeccompFilter> CompileAsync(
        SeccompPolicy policy, string jailProgramPath, CancellationToken cancellationToken)
    {
        var result = await ChildProgram.RunAsync(jailProgramPath, ["policy"], Encode(SeccompRules.Of(policy)), cancellationToken);
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return result.ExitCode == 0 && result.Output.Length > 0
            ? new SeccompFilter { Program = result.Output, Warnings = lines }
            : throw new SeccompPolicyException([$"{jailProgramPath} policy exited with {result.ExitCode}", .. lines]);
    }

    private static byte[] Encode(IReadOnlyList<SeccompRule> rules)
    {
        using var bytes = new MemoryStream();
        foreach (var rule in rules)
        {
            bytes.Write(Packet.Of(Mirror(rule)));
        }

        return bytes.ToArray();
    }

    private static Rule Mirror(SeccompRule rule)
    {
        var mirror = new Rule
        {
            Action = rule.Action.Kind,
            Error = (int)rule.Action.Error,
            ConditionCount = (uint)rule.Conditions.Count,
        };
        Packet.WriteText(mirror.Name, rule.Call);
        for (var i = 0; i < rule.Conditions.Count; i++)
        {
            var condition = rule.Conditions[i];
            mirror.Conditions[i] = new RuleCondition
            {
                Argument = condition.Argument,
                Compare = condition.Compare,
                Mask = condition.Mask,
                Value = condition.Value,
            };
        }

        return mirror;
    }
}
