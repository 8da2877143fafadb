using System.CommandLine;
using Sandcastle.Cli;
using Sandcastle.Client.Transports;
using Sandcastle.Kubectl.Mcp;

namespace Sandcastle.Kubectl.Commands;

/// <summary><c>mcp</c>: the tools of the manager for an agent that speaks MCP over stdio.</summary>
internal sealed class McpCommand : Command
{
    private readonly ClusterOptions _cluster;

    public McpCommand(ClusterOptions cluster)
        : base("mcp", "Serve the Model Context Protocol on stdin and stdout: tools run_code and run_command")
    {
        _cluster = cluster;
        SetAction(InvokeAsync);
    }

    private async Task<int> InvokeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var session = _cluster.Open(result);
        using var manager = ServerHttp.CreateClient(await session.RunningAsync(cancellationToken));
        await using var stdout = Console.OpenStandardOutput();
        using var stdin = new StreamReader(Console.OpenStandardInput());
        using var bridge = new StdioBridge(manager, stdout);
        await bridge.RunAsync(stdin, cancellationToken);
        return ExitCodes.Success;
    }
}
