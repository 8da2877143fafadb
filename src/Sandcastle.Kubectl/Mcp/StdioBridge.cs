using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Text;
using Sandcastle.Cli;

namespace Sandcastle.Kubectl.Mcp;

/// <summary>
/// Carries the messages of one agent (JSON-RPC, a line each) to the manager's MCP endpoint and its answers back. Each message is a request of
/// its own, as the streamable HTTP transport without sessions has it, so that calls run side by side; one that the agent
/// cancels ends with its request, and the run with it.
/// </summary>
internal sealed class StdioBridge(HttpClient manager, Stream stdout) : IDisposable
{
    private const string Json = "application/json";
    private const string EventStream = "text/event-stream";
    private const string Endpoint = "mcp";

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _open = new();
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>Returns when the agent has closed its end and every call has been answered.</summary>
    public async Task RunAsync(TextReader stdin, CancellationToken cancellationToken)
    {
        var calls = new List<Task>();
        while (await stdin.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            var message = McpMessage.Parse(line);
            if (message.Cancels is { } cancelled)
            {
                if (_open.TryGetValue(cancelled, out var call))
                {
                    await call.CancelAsync();
                }

                continue;
            }

            calls.RemoveAll(static call => call.IsCompletedSuccessfully);
            calls.Add(ExchangeAsync(line, message, cancellationToken));
        }

        await Task.WhenAll(calls);
    }

    public void Dispose() => _writing.Dispose();

    private async Task ExchangeAsync(string line, McpMessage message, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (message.Id is { } id)
        {
            _open[id] = ended;
        }

        try
        {
            await SendAsync(line, message, ended.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The agent cancelled it, and expects no answer.
        }
        catch (Exception e) when (e is CommandException or HttpRequestException or IOException or Client.SandcastleException or Client.ServerUnreachableException)
        {
            await FailAsync(message, e.Message, cancellationToken);
        }
        finally
        {
            if (message.Id is { } done)
            {
                _open.TryRemove(done, out _);
            }
        }
    }

    private async Task SendAsync(string line, McpMessage message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = new StringContent(line, Encoding.UTF8, Json) };
        request.Headers.Accept.ParseAdd(Json);
        request.Headers.Accept.ParseAdd(EventStream);
        using var response = await manager.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            var said = Encoding.UTF8.GetString(await ReadAsync(body, cancellationToken));
            await FailAsync(message, $"the manager answered HTTP {(int)response.StatusCode}: {said}", cancellationToken);
        }
        else if (response.Content.Headers.ContentType?.MediaType == EventStream)
        {
            await foreach (var item in SseParser.Create(body, static (_, data) => data.ToArray()).EnumerateAsync(cancellationToken))
            {
                await WriteAsync(item.Data, cancellationToken);
            }
        }
        else if (await ReadAsync(body, cancellationToken) is { Length: > 0 } answer)
        {
            await WriteAsync(answer, cancellationToken);
        }
    }

    private static async Task<byte[]> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        await body.CopyToAsync(memory, cancellationToken);
        return memory.ToArray();
    }

    /// <summary>An agent waits for the answer of what has an id; what has none is said on stderr.</summary>
    private async Task FailAsync(McpMessage message, string sentence, CancellationToken cancellationToken)
    {
        if (message.Id is null)
        {
            Messages.Write(sentence);
            return;
        }

        await WriteAsync(message.Error(sentence), cancellationToken);
    }

    private async Task WriteAsync(byte[] answer, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await stdout.WriteAsync((byte[])[.. answer, (byte)'\n'], cancellationToken);
            await stdout.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }
}
