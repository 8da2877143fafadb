using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;

namespace Sandcastle.Operator.Load;

/// <summary>Asks the managers every second, and has those pools looked at of which they say something else.</summary>
internal sealed partial class LoadLoop(ILoadSource source, LoadBoard board, TimeSpan period, TimeProvider time, ILogger<LoadLoop> logger)
{
    /// <param name="touch">Has a pool looked at.</param>
    /// <param name="touchAll">Has all pools looked at.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task RunAsync(Action<ObjectKey> touch, Action touchAll, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(period, time);
        var isKnown = false;
        do
        {
            var begun = time.GetUtcNow();
            try
            {
                var workers = await source.ReadAsync(cancellationToken);
                if (workers is not null)
                {
                    foreach (var pool in board.Take(workers, begun))
                    {
                        touch(pool);
                    }
                }

                if ((workers is not null) != isKnown)
                {
                    isKnown = workers is not null;
                    touchAll();
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // A source of any kind may fail in any way; what it said last grows old by itself.
                LogFailed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The managers were not asked")]
    private partial void LogFailed(Exception exception);
}
