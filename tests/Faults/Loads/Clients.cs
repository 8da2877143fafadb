using System.Collections.Concurrent;
using Sandcastle.Client;
using Sandcastle.Faults.Servers;

namespace Sandcastle.Faults.Loads;

/// <summary>Some clients, each of which asks for one run after the other until it is told to stop, and connects anew when a daemon has died.</summary>
public sealed class Clients(Succession server, IReadOnlyList<Func<string, TestProgram>> mix, int count, int seed)
{
    /// <summary>A client that is refused comes back when it was told to, but not so late that nobody asks any more.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentQueue<RequestEnd> _ends = [];
    private int _rounds;

    /// <summary>Every request so far that reached a daemon.</summary>
    public IReadOnlyCollection<RequestEnd> Ends => _ends;

    /// <summary>Returns when <paramref name="stop"/> is cancelled and the last request has its end.</summary>
    public Task LoadAsync(CancellationToken stop)
    {
        var round = Interlocked.Increment(ref _rounds);
        return Task.WhenAll(Enumerable.Range(0, count).Select(client => Task.Run(() => AskAsync(round, client, stop), CancellationToken.None)));
    }

    private async Task AskAsync(int round, int number, CancellationToken stop)
    {
        var random = new Random(HashCode(round, number));
        var client = server.Connect();
        try
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var program = mix[random.Next(mix.Count)]($"t{seed}-{round}-{number}-{i}");
                var end = await Caller.CallAsync(client, program);
                if (end.Fate != Fate.NotSent)
                {
                    _ends.Enqueue(end);
                }

                if (end.Fate == Fate.Refused)
                {
                    await Task.Delay(end.RetryAfter < LongestPause ? end.RetryAfter.Value : LongestPause, CancellationToken.None);
                }
                else if (end.Fate is Fate.NotSent or Fate.Broken)
                {
                    client = await ReconnectAsync(client);
                }
            }
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task<SandcastleClient> ReconnectAsync(SandcastleClient old)
    {
        old.Dispose();
        using var patience = new CancellationTokenSource(Caller.Deadline);
        await server.ListeningAsync(patience.Token);
        return server.Connect();
    }

    /// <summary>The same for the same seed in every process, which <see cref="System.HashCode"/> is not.</summary>
    private int HashCode(int round, int number) => unchecked((((seed * 31) + round) * 31) + number);
}
