using System.Collections.Concurrent;
using Sandcastle.Client;
using Sandcastle.Faults.Loads;
using Sandcastle.Faults.Servers;

namespace Sandcastle.Faults.Soak;

/// <summary>Every program of the mix in turn, some at a time.</summary>
public sealed class SoakLoad(Succession server, IReadOnlyList<Func<string, TestProgram>> mix, int clients)
{
    private readonly ConcurrentQueue<RequestEnd> _ends = [];
    private int _next;

    public IReadOnlyCollection<RequestEnd> Ends => _ends;

    /// <summary>Returns when so many runs more have ended.</summary>
    public async Task RunAsync(int runs)
    {
        var end = _next + runs;
        using var client = server.Connect();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => RunUntilAsync(client, end))));
        _next = end;
    }

    private async Task RunUntilAsync(SandcastleClient client, int end)
    {
        for (var number = Interlocked.Increment(ref _next) - 1; number < end; number = Interlocked.Increment(ref _next) - 1)
        {
            _ends.Enqueue(await Caller.CallAsync(client, mix[number % mix.Count]($"soak-{number}")));
        }
    }
}
