using Sandcastle.Client;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>A caller whose program must not run twice: he asks again under the same key, of whichever manager, until he is told how it ended.</summary>
internal sealed class PersistentCaller(ISandcastleClient client)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private int _answered;

    /// <summary>Runs that are over by now.</summary>
    internal int Answered => Volatile.Read(ref _answered);

    /// <summary>How often he had to ask again.</summary>
    internal int Again { get; private set; }

    /// <returns>The run; or null and the sentence of a manager that says that nobody knows, and that it is not run again.</returns>
    internal async Task<(RunResponse? Run, string? Lost)> RunAsync(string key, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var run = await client.RunAsync(new RunRequest { Code = $"print('{key}')" }, key, cancellationToken);
                Interlocked.Increment(ref _answered);
                return (run, null);
            }
            catch (SandcastleException e) when (e.Problem.Kind == RefusalKind.Internal && e.Problem.Detail.Contains("it is not run again under this key", StringComparison.Ordinal))
            {
                return (null, e.Problem.Detail);
            }
            catch (Exception e) when (e is ServerUnreachableException || e is SandcastleException { Problem.Status: >= 500 })
            {
                Again++;
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }
}
