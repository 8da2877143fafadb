using Microsoft.Extensions.Logging;

namespace Sandcastle.Operator.Retail;

/// <summary>Asks the managers what tenants use, and has those tenants looked at of which they say something else.</summary>
internal sealed partial class UseLoop(IUseSource source, UseBoard board, TimeSpan period, TimeProvider time, ILogger<UseLoop> logger)
{
    /// <param name="touch">Has a tenant looked at.</param>
    /// <param name="touchAll">Has all of them looked at.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task RunAsync(Action<string> touch, Action touchAll, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(period, time);
        var isKnown = false;
        do
        {
            var begun = time.GetUtcNow();
            try
            {
                var answers = await source.ReadAsync(cancellationToken);
                foreach (var tenant in answers is null ? [] : board.Take(answers, begun))
                {
                    touch(tenant);
                }

                if ((answers is not null) != isKnown)
                {
                    isKnown = answers is not null;
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

    [LoggerMessage(Level = LogLevel.Error, Message = "The managers were not asked what tenants use")]
    private partial void LogFailed(Exception exception);
}
