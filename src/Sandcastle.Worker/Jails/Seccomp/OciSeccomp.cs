using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>
/// The policy as <c>linux.seccomp</c> of the OCI runtime specification, for crun and runc, and as a Localhost profile of Kubernetes.
/// </summary>
/// <remarks>
/// Only the native architecture is listed, so that calls of every other one, x32 among them, end the caller. Runtimes skip names that
/// their libseccomp does not know; those answer the default, ENOSYS.
/// </remarks>
internal static class OciSeccomp
{
    internal static JsonObject Render(SeccompPolicy policy) => Render(policy, RuntimeInformation.OSArchitecture);

    /// <summary>As the other, for a machine that need not be this one.</summary>
    internal static JsonObject Render(SeccompPolicy policy, Architecture architecture) => new()
    {
        ["defaultAction"] = NameOf(SeccompAction.Default),
        ["defaultErrnoRet"] = (int)SeccompAction.Default.Error,
        ["architectures"] = new JsonArray(NameOf(architecture)),
        ["syscalls"] = new JsonArray([.. Entries(policy)]),
    };

    private static string NameOf(Architecture architecture) => architecture switch
    {
        Architecture.X64 => "SCMP_ARCH_X86_64",
        Architecture.Arm64 => "SCMP_ARCH_AARCH64",
        _ => throw new PlatformNotSupportedException($"No seccomp architecture is known for {architecture}."),
    };

    // All calls of an answer in one entry; a call whose arguments are looked at has an entry for each of its rules.
    private static IEnumerable<JsonObject> Entries(SeccompPolicy policy)
    {
        var rules = SeccompRules.Of(policy);
        var whole =
            from rule in rules
            where rule.Conditions.Count == 0
            group rule.Call by rule.Action into calls
            select Entry(calls.Key, calls, []);
        var decided =
            from rule in rules
            where rule.Conditions.Count > 0
            select Entry(rule.Action, [rule.Call], rule.Conditions);
        return whole.Concat(decided);
    }

    private static JsonObject Entry(SeccompAction action, IEnumerable<string> calls, IReadOnlyList<SeccompCondition> conditions)
    {
        var entry = new JsonObject
        {
            ["names"] = new JsonArray([.. calls.Select(call => JsonValue.Create(call))]),
            ["action"] = NameOf(action),
        };
        if (action.Kind is RuleAction.Errno or RuleAction.Done)
        {
            entry["errnoRet"] = (int)action.Error;
        }

        if (conditions.Count > 0)
        {
            entry["args"] = new JsonArray([.. conditions.Select(Argument)]);
        }

        return entry;
    }

    // A masked comparison has its mask in `value` and what is left under it in `valueTwo`.
    private static JsonObject Argument(SeccompCondition condition) => condition.Compare == RuleCompare.Ge
        ? new JsonObject
        {
            ["index"] = condition.Argument,
            ["value"] = condition.Value,
            ["op"] = "SCMP_CMP_GE",
        }
        : new JsonObject
        {
            ["index"] = condition.Argument,
            ["value"] = condition.Mask,
            ["valueTwo"] = condition.Value,
            ["op"] = "SCMP_CMP_MASKED_EQ",
        };

    private static string NameOf(SeccompAction action) => action.Kind switch
    {
        RuleAction.Allow => "SCMP_ACT_ALLOW",
        RuleAction.Kill => "SCMP_ACT_KILL_PROCESS",
        _ => "SCMP_ACT_ERRNO",
    };
}
