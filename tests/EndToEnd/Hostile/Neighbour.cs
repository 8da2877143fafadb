using System.Diagnostics;
using Sandcastle.Client;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.EndToEnd.Hostile;

/// <summary>A second client whose ordinary runs go on while something bad happens.</summary>
public sealed class Neighbour : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public Neighbour(Daemon daemon) => _running = RunAsync(daemon);

    public int Succeeded { get; private set; }

    public List<string> Disturbed { get; } = [];

    /// <summary>From request to answer, of every run. Complete after the neighbour's end.</summary>
    public List<TimeSpan> Latencies { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private async Task RunAsync(Daemon daemon)
    {
        using var client = daemon.Connect();
        while (!_end.IsCancellationRequested)
        {
            var asked = Stopwatch.GetTimestamp();
            RunResponse run;
            try
            {
                run = await client.RunAsync(new() { Template = "python", Code = "print(6 * 7)" }, cancellationToken: CancellationToken.None);
            }
            catch (Exception e) when (e is SandcastleException or ServerUnreachableException or IOException)
            {
                Disturbed.Add(e.Message);
                return;
            }

            Latencies.Add(Stopwatch.GetElapsedTime(asked));
            if (run.Outcome == Outcome.Succeeded && run.Stdout == "42\n")
            {
                Succeeded++;
            }
            else
            {
                Disturbed.Add($"{run.Outcome} {run.Stdout} {run.Stderr}");
            }
        }
    }
}
