using Microsoft.Extensions.Logging;

namespace Sandcastle.Operator.Load;

/// <summary>Asks the managers again and again, and has those looked at of whom they say something else.</summary>
/// <typeparam name="TAnswer">What the managers say.</typeparam>
/// <typeparam name="TKey">Of whom they say it.</typeparam>
/// <param name="ask">Null when they did not answer.</param>
/// <param name="take">Keeps what they said, as of that time; returns of whom it is something else than before.</param>
/// <param name="period">From one question to the next.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Says when they could not be asked.</param>
internal sealed partial class PollLoop<TAnswer, TKey>(
    Func<CancellationToken, Task<TAnswer?>> ask, Func<TAnswer, DateTimeOffset, IEnumerable<TKey>> take, TimeSpan period, TimeProvider time, ILogger logger)
    where TAnswer : class
{
    /// <param name="touch">Has one looked at.</param>
    /// <param name="touchAll">Has all looked at: whether managers answer at all has changed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task RunAsync(Action<TKey> touch, Action touchAll, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(period, time);
        var isKnown = false;
        do
        {
            var begun = time.GetUtcNow();
            try
            {
                var answer = await ask(cancellationToken);
                foreach (var one in answer is null ? [] : take(answer, begun))
                {
                    touch(one);
                }

                if ((answer is not null) != isKnown)
                {
                    isKnown = answer is not null;
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
