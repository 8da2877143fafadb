using Npgsql;
using Polly;
using Polly.Retry;

namespace Sandcastle.Manager.Ledger;

/// <summary>Tells a server that is away for a moment from one that refuses for good, and how long to wait for the former.</summary>
internal static class PostgresOutage
{
    /// <summary>While requests wait: a failover that takes longer is told to the caller.</summary>
    public static readonly TimeSpan InService = TimeSpan.FromSeconds(3);

    /// <summary>Database and manager may be started together.</summary>
    public static readonly TimeSpan AtStart = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public static bool Is(Exception exception) => exception switch
    {
        // Told to stop, or fallen: its connections end so, and a new one is taken when it is back.
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } => true,
        NpgsqlException e => e.IsTransient,
        _ => false,
    };

    /// <summary>Tries again, ever more slowly, until it works or <paramref name="longest"/> is over.</summary>
    public static ResiliencePipeline Patience(TimeProvider clock, TimeSpan longest)
    {
        var start = new ResiliencePropertyKey<long>("start");
        return new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                Delay = FirstPause,
                MaxDelay = LongestPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = outcome =>
                {
                    var properties = outcome.Context.Properties;
                    if (!properties.TryGetValue(start, out var first))
                    {
                        properties.Set(start, first = clock.GetTimestamp());
                    }

                    return ValueTask.FromResult(
                        outcome.Outcome.Exception is { } e && Is(e) && clock.GetElapsedTime(first) < longest);
                },
            })
            .Build();
    }

    /// <summary>The innermost reason: Npgsql's own sentence says only that something went wrong.</summary>
    public static string Explain(Exception exception) =>
        exception is PostgresException server ? server.MessageText : exception.GetBaseException().Message;
}
