using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sandcastle.Manager.Ledger.Books;

/// <summary>Retires what is past its time, every ten minutes.</summary>
internal sealed partial class BookSweep(ILedger ledger, BookOptions options, TimeProvider clock, ILogger<BookSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ledger.RetireAsync(options.Retention, clock.GetUtcNow(), stoppingToken);
            }
#pragma warning disable CA1031 // The boundary of a loop that must outlive any one failure.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogUnretired(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "receipts past their time could not be retired; they are tried again")]
    private partial void LogUnretired(Exception exception);
}
