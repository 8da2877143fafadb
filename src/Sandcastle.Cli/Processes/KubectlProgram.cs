namespace Sandcastle.Cli.Processes;

/// <summary>
/// Finds <c>kubectl-sandcastle</c>, which does what <c>--kube</c> asks for: this program links no Kubernetes and stays quick to start.
/// </summary>
internal static class KubectlProgram
{
    public const string Switch = "--kube";

    private const string Name = "kubectl-sandcastle";

    /// <summary>Is <c>--kube</c> or <c>--kube=CONTEXT</c> among our own flags, that is, before <c>--</c>?</summary>
    public static bool IsMeant(string[] args) =>
        args.TakeWhile(static arg => arg != "--").Any(static arg => arg == Switch || arg.StartsWith(Switch + "=", StringComparison.Ordinal));

    /// <exception cref="UsageException">It is nowhere.</exception>
    public static string Find() => OwnProgram.Find(Name)
        ?? throw new UsageException($"cannot find {Name}, which {Switch} executes: it is neither beside this program nor in PATH");
}
