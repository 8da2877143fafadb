using System.Diagnostics;
using Sandcastle.Cli.Tests.Programs;

namespace Sandcastle.Kubectl.Tests.Clusters;

/// <summary>Starts kubectl-sandcastle as a process of its own.</summary>
internal static class KubectlProcess
{
    public static string Path { get; } = CliProgram.Find("kubectl-sandcastle");

    public static Task<CliResult> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        CliProgram.RunAsync(Call(environment, arguments));

    public static Process Start(CliCall call) => CliProgram.Start(call);

    public static CliCall Call(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new() { Program = Path, Arguments = arguments, Environment = environment };
}
