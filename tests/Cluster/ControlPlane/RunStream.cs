using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>A caller that runs one program after the other at the manager itself, past the API server, and remembers what went wrong.</summary>
internal sealed class RunStream : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _manager;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<string> _failures = [];
    private readonly List<TimeSpan> _times = [];
    private readonly Task _running;

    /// <param name="manager">Its address.</param>
    /// <param name="header">Says who calls.</param>
    /// <param name="secret">A key or a token.</param>
    internal RunStream(IPAddress manager, string header, string secret)
    {
        _manager = Manager(manager, header, secret);
        _running = RunAsync();
    }

    /// <summary>The manager itself, past the API server, for a caller.</summary>
    internal static HttpClient Manager(IPAddress manager, string header, string secret)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
#pragma warning disable CA5359 // As the API server's proxy does.
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
        })
        { BaseAddress = new Uri($"https://{manager}:8443") };
        client.DefaultRequestHeaders.Add(header, secret);
        return client;
    }

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _times.Count;
            }
        }
    }

    internal IReadOnlyList<string> Failures
    {
        get
        {
            lock (_gate)
            {
                return [.. _failures];
            }
        }
    }

    /// <summary>Of all that went well.</summary>
    internal TimeSpan Slowest
    {
        get
        {
            lock (_gate)
            {
                return _times.DefaultIfEmpty().Max();
            }
        }
    }

    /// <summary>Waits until so many more have been tried.</summary>
    internal async Task GoOnAsync(int runs)
    {
        for (var end = Tried + runs; Tried < end;)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _manager.Dispose();
        _stop.Dispose();
    }

    private int Tried
    {
        get
        {
            lock (_gate)
            {
                return _times.Count + _failures.Count;
            }
        }
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var begin = Stopwatch.GetTimestamp();
            var failure = await TryAsync();
            lock (_gate)
            {
                if (failure is null)
                {
                    _times.Add(Stopwatch.GetElapsedTime(begin));
                }
                else
                {
                    _failures.Add($"{TimeProvider.System.GetUtcNow():HH:mm:ss.f}: {failure}");
                }
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task<string?> TryAsync()
    {
        try
        {
            using var response = await _manager.PostAsJsonAsync("/v1/runs", new { template = "python", code = "print(6 * 7)" }, CancellationToken.None);
            var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
            return response.StatusCode == HttpStatusCode.OK && (string?)JsonNode.Parse(text)!["stdout"] == "42\n" ? null : $"{(int)response.StatusCode} {text}";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return e.Message;
        }
    }
}
