using Sandcastle.Cli.Processes;

namespace Sandcastle.Kubectl.Kubeconfigs;

/// <summary>Our own spelling of <c>--kube[=CONTEXT]</c>, which sandcastle passes on as it was typed.</summary>
internal static class KubeSwitch
{
    /// <summary><c>--kube</c> says nothing that is new here; <c>--kube=CONTEXT</c> is <c>--context=CONTEXT</c>. What follows <c>--</c> is not ours.</summary>
    public static IReadOnlyList<string> ToContext(string[] args)
    {
        var end = Array.IndexOf(args, "--");
        var own = end < 0 ? args : args[..end];
        const string Named = KubectlProgram.Switch + "=";
        return
        [
            .. own.Where(static arg => arg != KubectlProgram.Switch)
                .Select(static arg => arg.StartsWith(Named, StringComparison.Ordinal) ? $"--context={arg[Named.Length..]}" : arg),
            .. args[own.Length..],
        ];
    }
}
