using System.CommandLine;
using Sandcastle.Cli.Mcp;
using Sandcastle.Cli.Servers;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle mcp</c>: the tools of a server for an agent that speaks MCP over stdio.</summary>
internal sealed class McpCommand : Command
{
    private readonly ServerOptions _server = new();

    public McpCommand()
        : base("mcp", "Serve the Model Context Protocol on stdin and stdout: tools run_code and run_command")
    {
        _server.AddTo(this);
        SetAction(InvokeAsync);
    }

    private async Task<int> InvokeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var session = _server.Open(result);
        await using var bridge = new StdioBridge(session);
        await bridge.RunAsync(cancellationToken);
        return ExitCodes.Success;
    }
}
