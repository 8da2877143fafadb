using System.CommandLine;
using Sandcastle.Client;
using Sandcastle.Client.Servers;
using Sandcastle.Daemon.Options;

namespace Sandcastle.Daemon.Mcp;

/// <summary>
/// <c>sandcastled mcp</c>: what <c>sandcastle mcp</c> executes. It is here because the MCP SDK would double the native client's size
/// and build time and add a tenth to its start.
/// </summary>
internal static class McpCommand
{
    private const string KeyVariable = "SANDCASTLE_API_KEY";

    internal static Command Build()
    {
        var server = new Option<string?>("--server")
        {
            Description = $"Server whose tools to serve; the key is in {KeyVariable} [default: the local server]",
            HelpName = "URL",
        };
        var command = new Command("mcp", "Serve the tools of a running server on stdin and stdout") { server };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var bridge = new StdioBridge(Choose(result.GetValue(server)));
            await bridge.RunAsync(cancellationToken);
            return 0;
        });
        return command;
    }

    private static SandcastleClientOptions Choose(string? text)
    {
        var local = LocalServer.FromEnvironment();
        var address = local.Address;
        if (text is not null && !ServerAddress.TryParse(text, out address))
        {
            throw new UsageException($"--server: '{text}' is no address; write http://HOST:PORT, https://HOST or unix:/PATH");
        }

        var key = Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } given ? given : null;
        return new SandcastleClientOptions { Server = address, ApiKey = key ?? (address.IsLocal ? local.ReadApiKey() : null) };
    }
}
