using System.Diagnostics;
using Sandcastle.Bench.Servers;

namespace Sandcastle.Bench.Loads;

/// <summary>Many connections that send their request at the same moment.</summary>
internal sealed class Burst : IDisposable
{
    private readonly Work _work;
    private readonly ReadOnlyMemory<byte> _request;
    private readonly WireClient[] _clients;

    public Burst(BenchServer server, Work work, int requests)
    {
        _work = work;
        _request = server.Request(work.Request);
        _clients = [.. Enumerable.Range(0, requests).Select(_ => server.Connect())];
    }

    public async Task<BurstResult> RunAsync(CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(_clients.Select(client => client.SendAsync(_request, cancellationToken)))
            .WaitAsync(WireClient.Patience, cancellationToken);
        var refused = answers.Count(answer => answer.Status != 200);
        foreach (var answer in answers.Where(answer => answer.Status == 200))
        {
            _ = answer.Result(_work.Stdout);
        }

        // Each waited from the common start, not from when its own turn to be sent came.
        return new BurstResult(
            [.. answers.Where(answer => answer.Status == 200).Select(answer => Stopwatch.GetElapsedTime(begin, answer.EndTimestamp).TotalMilliseconds)],
            refused);
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }
}
