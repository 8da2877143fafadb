using Sandcastle.Client;
using Sandcastle.Client.Servers;

namespace Sandcastle.Cli.Servers;

/// <summary>The server of one command: one that was named, the user's background server, or a child of this process.</summary>
internal sealed class ServerSession : IAsyncDisposable
{
    private readonly Func<CancellationToken, Task<SandcastleClientOptions>>? _start;
    private SandcastleClientOptions? _server;
    private SandcastleClient? _client;
    private ChildDaemon? _child;
    private IDisposable? _way;

    private ServerSession(SandcastleClientOptions? server, Func<CancellationToken, Task<SandcastleClientOptions>>? start)
    {
        _server = server;
        _start = start;
    }

    /// <summary>A server that somebody else runs. The local server's key is sent to nobody outside this machine.</summary>
    public static ServerSession Remote(ServerAddress address, string? apiKey, LocalServer local) =>
        new(Options(address, apiKey ?? (address.IsLocal ? local.ReadApiKey() : null)), start: null);

    /// <summary>A server that is reached in a way of its own, which is closed with the session.</summary>
    public static ServerSession Over(IDisposable way, SandcastleClientOptions server) => new(server, start: null) { _way = way };

    /// <summary>The background server. That it runs is assumed; it is started when it turns out not to.</summary>
    public static ServerSession Local(LocalServer local, string? apiKey) => new(
        Options(local.Address, apiKey ?? local.ReadApiKey()),
        async cancellationToken =>
        {
            await BackgroundDaemon.EnsureRunningAsync(local, cancellationToken);
            return Options(local.Address, apiKey ?? local.ReadApiKey());
        });

    /// <summary>A child of ours, ended with the session.</summary>
    public static ServerSession OfOwnChild()
    {
        ServerSession? session = null;
        session = new ServerSession(server: null, async cancellationToken =>
        {
            var child = session!._child ??= await ChildDaemon.StartAsync(cancellationToken);
            return Options(child.Server.Address, child.Server.ReadApiKey());
        });
        return session;
    }

    /// <summary>
    /// Calls the server, starting it when it is ours to start and does not answer. <paramref name="call"/> may be made twice; it throws
    /// <see cref="ServerUnreachableException"/> only before anything that the user could have seen. A background server that was just
    /// leaving (idle) closes connections without an answer, which looks the same and is treated the same.
    /// </summary>
    public async Task<T> CallAsync<T>(Func<SandcastleClient, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            if (_server is not null)
            {
                return await call(_client ??= new SandcastleClient(_server));
            }
        }
        catch (ServerUnreachableException) when (_start is not null)
        {
            // Started below, outside the handler.
        }

        _client?.Dispose();
        _client = new SandcastleClient(await RunningAsync(cancellationToken));
        return await call(_client);
    }

    /// <summary>The server, after it was started where it is ours to start and does not run.</summary>
    public async Task<SandcastleClientOptions> RunningAsync(CancellationToken cancellationToken) =>
        _server = _start is null ? _server! : await _start(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _way?.Dispose();
        if (_child is not null)
        {
            await _child.DisposeAsync();
        }
    }

    private static SandcastleClientOptions Options(ServerAddress server, string? apiKey) =>
        new() { Server = server, ApiKey = apiKey, Blocking = true };
}
