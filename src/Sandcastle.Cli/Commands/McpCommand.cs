using System.CommandLine;
using Sandcastle.Cli.Processes;
using Sandcastle.Cli.Servers;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle mcp</c>: the tools of a server for an agent that speaks MCP over stdio. sandcastled speaks it; we see to the server.</summary>
internal sealed class McpCommand : Command
{
    private const string KeyVariable = "SANDCASTLE_API_KEY";

    /// <summary>Well under the ten minutes after which an idle background server leaves: while an agent is connected, it is in use.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMinutes(1);

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
        var server = await session.RunningAsync(cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var heart = BeatAsync(session, ended.Token);
        var code = await ChildProcess.ExecuteAsync(
            DaemonProgram.Find(),
            ["mcp", "--server", server.Server.ToString()],
            new Dictionary<string, string?> { [KeyVariable] = server.ApiKey });
        await ended.CancelAsync();
        await heart;
        return code;
    }

    /// <summary>Keeps the server from leaving, and brings it back where it is ours and has died.</summary>
    private static async Task BeatAsync(ServerSession session, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Heartbeat);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await session.CallAsync(client => client.GetTemplatesAsync(cancellationToken), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The child has ended.
        }
        catch (Exception e) when (e is Client.SandcastleException or Client.ServerUnreachableException or DaemonStartException)
        {
            // The agent learns it from its next call; stdout is not ours to speak on.
            Messages.Write(e.Message);
        }
    }
}
