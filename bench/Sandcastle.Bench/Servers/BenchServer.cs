using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sandcastle.Bench.Processes;
using Sandcastle.Client;
using Sandcastle.Client.Servers;
using Sandcastle.Linux.Processes;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Bench.Servers;

/// <summary>A server of our own: fresh data directory, fresh key, a unix socket in there; ended and removed with this object.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    // Should we be killed, it leaves by itself.
    private const string IdleExitSeconds = "120";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly LocalServer _server;
    private readonly Process _process;
    private SandcastleClient? _client;

    private BenchServer(LocalServer server, Process process)
    {
        _server = server;
        _process = process;
    }

    public string DataDirectory => _server.DataDirectory;

    public int ProcessId => _process.Id;

    public string SocketPath => _server.SocketPath;

    public string ApiKey => _server.ReadApiKey()!;

    /// <summary>The .NET client, as a program would use it.</summary>
    public SandcastleClient Client =>
        _client ??= new SandcastleClient(new SandcastleClientOptions { Server = _server.Address, ApiKey = _server.ReadApiKey() });

    /// <summary>Starts one and returns when every available template has its ready slots.</summary>
    /// <param name="templates">Directory of templates; null for the shipped ones.</param>
    /// <param name="patience">How long it may take to fill its slots.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<BenchServer> StartAsync(string? templates, TimeSpan patience, CancellationToken cancellationToken) =>
        StartAsync(templates, [], patience, cancellationToken);

    /// <param name="templates">Directory of templates; null for the shipped ones.</param>
    /// <param name="flags">More for its command line.</param>
    /// <param name="patience">How long it may take to fill its slots.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<BenchServer> StartAsync(string? templates, string[] flags, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!File.Exists(Repository.Daemon))
        {
            throw new BenchException($"there is no {Repository.Daemon}: make build");
        }

        var directory = Directory.CreateTempSubdirectory("sandcastle-bench-").FullName;
        var local = new LocalServer { DataDirectory = directory, SocketPath = Path.Combine(directory, "sandcastled.sock") };
        string[] arguments = ["--listen", local.Address.ToString(), "--data-dir", directory, "--idle-exit", IdleExitSeconds, .. flags];
        var process = ChildProcess.StartLogged(
            local.LogPath, Repository.Daemon, templates is null ? arguments : [.. arguments, "--templates", templates]);
        var server = new BenchServer(local, process);
        try
        {
            await server.ListeningAsync(cancellationToken);
            await server.SettleAsync(patience, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Task SettleAsync(CancellationToken cancellationToken) => SettleAsync(Patience, cancellationToken);

    /// <summary>
    /// Returns when all slots are prepared again, so that what is measured next does not share the processors with it.
    /// </summary>
    public async Task SettleAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while ((await Client.GetTemplatesAsync(cancellationToken)).FirstOrDefault(IsWaiting) is { } waiting)
        {
            if (Stopwatch.GetElapsedTime(begin) > patience)
            {
                throw new BenchException($"template {waiting.Name} has {waiting.Slots.Ready} of {waiting.Slots.Wanted} slots after {patience.TotalSeconds} s{LogTail()}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        static bool IsWaiting(TemplateResponse template) => template.Available && template.Slots.Ready < template.Slots.Wanted;
    }

    /// <exception cref="UnavailableException">There is none of that name, or it cannot be used here.</exception>
    public async Task<TemplateResponse> TemplateAsync(string name, CancellationToken cancellationToken)
    {
        var template = (await Client.GetTemplatesAsync(cancellationToken)).FirstOrDefault(t => t.Name == name);
        return template is { Available: true }
            ? template
            : throw new UnavailableException($"template {name} is unavailable: {template?.Reason ?? "there is none of that name"}");
    }

    public WireClient Connect() => new(_server.SocketPath);

    /// <summary>The bytes of a <c>POST /v1/runs</c>.</summary>
    /// <param name="request">The run.</param>
    /// <param name="key">Whose; null for the server's own.</param>
    public ReadOnlyMemory<byte> Request(RunRequest request, string? key = null)
    {
        var body = JsonSerializer.Serialize(request, RestJson.Default.RunRequest);
        return Encoding.UTF8.GetBytes(
            "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Authorization: Bearer {key ?? _server.ReadApiKey()}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (!_process.HasExited)
        {
            OwnProcess.Kill(_process.Id, Signal.SIGTERM);
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private async Task ListeningAsync(CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (_server.ReadApiKey() is null || !Answers())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(begin) > Patience)
            {
                throw new BenchException($"{Repository.Daemon} does not listen{LogTail()}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>There is a file a moment before somebody listens on it.</summary>
    private bool Answers()
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(_server.SocketPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string LogTail()
    {
        var lines = File.Exists(_server.LogPath) ? File.ReadLines(_server.LogPath).TakeLast(10).ToArray() : [];
        return lines.Length == 0 ? "" : ":\n  " + string.Join("\n  ", lines);
    }
}
