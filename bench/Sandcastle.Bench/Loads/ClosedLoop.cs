using System.Diagnostics;
using Sandcastle.Bench.Servers;

namespace Sandcastle.Bench.Loads;

/// <summary>Some clients at once, each on its own thread and connection, each sending its next run when it has the answer to the last.</summary>
internal sealed class ClosedLoop : IDisposable
{
    private readonly SequentialLoad[] _clients;

    public ClosedLoop(BenchServer server, Work work, int clients, string? key = null) =>
        _clients = [.. Enumerable.Range(0, clients).Select(_ => new SequentialLoad(server, work, key))];

    /// <summary>Starts runs until the time is over and waits for the last ones.</summary>
    public async Task<LoopResult> RunAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(_clients.Select(client => Task.Factory.StartNew(
            () => client.Send(int.MaxValue, () => Stopwatch.GetElapsedTime(begin) > time, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        var end = answers.Max(ofOne => ofOne[^1].EndTimestamp);
        return new LoopResult(_clients[0].Read(answers.SelectMany(ofOne => ofOne)), Stopwatch.GetElapsedTime(begin, end));
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }
}
