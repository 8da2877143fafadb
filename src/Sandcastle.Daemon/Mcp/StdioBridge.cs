using System.Reflection;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Sandcastle.Cli.Servers;
using Sandcastle.Client.Transports;

namespace Sandcastle.Cli.Mcp;

/// <summary>
/// An MCP server on stdin and stdout whose tools are those of the server's own <c>/mcp</c>: names, schemas and results are defined
/// once, there, and passed through. The connection is made at the first request and again when the server had left meanwhile.
/// </summary>
internal sealed class StdioBridge(ServerSession session) : IAsyncDisposable
{
    private const string Name = "sandcastle";

    private readonly SemaphoreSlim _connecting = new(1);
    private McpClient? _client;

    /// <summary>Returns when stdin ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var implementation = new Implementation
        {
            Name = Name,
            Title = "Kube-Sandcastle",
            Version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        };
        await using var transport = new StdioServerTransport(Name);
        await using var server = McpServer.Create(transport, new McpServerOptions
        {
            ServerInfo = implementation,
            Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = (request, cancellation) =>
                    ForwardAsync(client => client.ListToolsAsync(request.Params ?? new ListToolsRequestParams(), cancellation), cancellation),
                CallToolHandler = (request, cancellation) =>
                    ForwardAsync(client => client.CallToolAsync(request.Params!, cancellation), cancellation),
            },
        });
        await server.RunAsync(cancellationToken);
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
        catch (Exception e) when (e is HttpRequestException or DaemonStartException or UsageException)
        {
            throw new McpException($"no Sandcastle server: {e.Message}", e);
        }
    }

    /// <summary>The server's edge is stateless, so one client serves on after the server behind it was replaced.</summary>
    private async Task<McpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            var server = await session.RunningAsync(cancellationToken);
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
