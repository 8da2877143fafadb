using System.Reflection;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Sandcastle.Client;
using Sandcastle.Client.Transports;

namespace Sandcastle.Daemon.Mcp;

/// <summary>
/// An MCP server on stdin and stdout whose tools are those of a server's own <c>/mcp</c>: names, schemas and results are defined
/// once, there, and passed through. That edge is stateless, so one client serves on when the server behind its address is replaced.
/// </summary>
internal sealed class StdioBridge(SandcastleClientOptions server) : IAsyncDisposable
{
    private const string Name = "sandcastle";

    private readonly SemaphoreSlim _connecting = new(1);
    private McpClient? _client;

    /// <summary>Returns when stdin ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var transport = new StdioServerTransport(Name);
        await using var stdio = McpServer.Create(transport, new McpServerOptions
        {
            ServerInfo = new Implementation
            {
                Name = Name,
                Title = "Kube-Sandcastle",
                Version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            },
            Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = (request, cancellation) =>
                    ForwardAsync(client => client.ListToolsAsync(request.Params ?? new ListToolsRequestParams(), cancellation), cancellation),
                CallToolHandler = (request, cancellation) =>
                    ForwardAsync(client => client.CallToolAsync(request.Params!, cancellation), cancellation),
            },
        });
        await stdio.RunAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        _connecting.Dispose();
    }

    private async ValueTask<T> ForwardAsync<T>(Func<McpClient, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(await ConnectAsync(cancellationToken));
        }
        catch (HttpRequestException e)
        {
            throw new McpException($"the Sandcastle server at {server.Server} does not serve: {e.Message}", e);
        }
    }

    private async Task<McpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            return _client ??= await McpClient.CreateAsync(
                new HttpClientTransport(
                    new HttpClientTransportOptions
                    {
                        Endpoint = new Uri(server.Server.BaseAddress, "mcp"),
                        TransportMode = HttpTransportMode.StreamableHttp,
                    },
                    ServerHttp.CreateClient(server),
                    ownsHttpClient: true),
                cancellationToken: cancellationToken);
        }
        finally
        {
            _connecting.Release();
        }
    }
}
