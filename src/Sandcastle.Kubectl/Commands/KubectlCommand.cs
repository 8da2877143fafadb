using System.CommandLine;
using Sandcastle.Cli.Commands;
using Sandcastle.Cli.Completion;

namespace Sandcastle.Kubectl.Commands;

/// <summary>The root: the verbs of sandcastle that are calls of a server, and those of a cluster.</summary>
internal sealed class KubectlCommand : RootCommand
{
    public KubectlCommand()
        : base("Run code that nobody trusts in a cluster, each program in a sandbox of its own, through the API server.")
    {
        var cluster = new ClusterOptions();
        cluster.AddToRoot(this);
        Command[] verbs =
        [
            .. SandcastleCommand.ServerVerbs(() => cluster),
            new PoolCommand(cluster),
            new LotsCommand(cluster),
            new TenantsCommand(cluster),
            new McpCommand(cluster),
            new CompletionCommand("kubectl-sandcastle", CompletionScript.KubectlPlugin),
        ];
        foreach (var verb in verbs)
        {
            Subcommands.Add(verb);
        }

        HelpWithExamples.AddTo(this, KubectlExamples.Of);
    }
}
