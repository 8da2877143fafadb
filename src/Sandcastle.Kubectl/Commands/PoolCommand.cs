using System.CommandLine;

namespace Sandcastle.Kubectl.Commands;

/// <summary><c>pool</c>: the pools of workers that are kept in a namespace.</summary>
internal sealed class PoolCommand : Command
{
    public PoolCommand(ClusterOptions cluster)
        : base("pool", "List, describe and scale pools of workers")
    {
        Subcommands.Add(new PoolListCommand(cluster));
        Subcommands.Add(new PoolDescribeCommand(cluster));
        Subcommands.Add(new PoolScaleCommand(cluster));
    }
}
