using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Routing.Remote;

/// <summary>
/// Runs an empty program on each worker that is found, so that no caller waits for code that is compiled when it is first used, at
/// either end; and on the first of them one more, by the way of a caller's request. They are runs like any other, with a receipt, and charged to <see cref="Tenant"/>.
/// </summary>
internal sealed partial class Rehearsals(RemoteWorkers workers, TimeProvider clock, ILogger<Rehearsals> logger, IFront? front = null) : BackgroundService
{
    /// <summary>The owner of the cluster's part of us.</summary>
    internal const string Tenant = "sandcastle-system";

    private int _front;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Wake(object? sender, EventArgs e) => changed.Writer.TryWrite(true);
        var seen = new HashSet<IWorkerLink>();
        workers.Changed += Wake;
        try
        {
            do
            {
                var links = workers.Links;
                seen.IntersectWith(links);
                foreach (var link in links.Where(link => !seen.Contains(link)))
                {
                    if (Order(link.Templates) is { } order)
                    {
                        seen.Add(link);
                        _ = RehearseAsync(link, order, stoppingToken);
                    }
                }
            }
            while (await changed.Reader.ReadAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            workers.Changed -= Wake;
        }
    }

    /// <summary>Null where no template serves by now.</summary>
    private RunOrder? Order(IReadOnlyList<TemplateStatus> templates) =>
        templates.FirstOrDefault(template => template.Available) is { } first
            ? new RunOrder
            {
                Id = RunId.New(),
                Tenant = Tenant,
                Template = first.Name,
                Code = Array.Empty<byte>(),
                Limits = first.Defaults,
                AcceptedTimestamp = clock.GetTimestamp(),
            }
            : null;

    private async Task RehearseAsync(IWorkerLink link, RunOrder order, CancellationToken cancellationToken)
    {
        try
        {
            var report = await link.RunAsync(order, null, cancellationToken);
            LogRehearsed(link.Name, order.Template, report.Outcome, report.Timings.Total.TotalMilliseconds);
            await RehearseFrontAsync(order.Template, cancellationToken);
        }
#pragma warning disable CA1031 // The boundary of a rehearsal: what breaks it is said, and breaks nothing else.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // Whoever comes next is the first, then.
            LogSkipped(link.Name, e.Message);
        }
    }

    /// <summary>Once, if it is taken: what keeps it from that now may be gone when the next worker comes.</summary>
    private async Task RehearseFrontAsync(string template, CancellationToken cancellationToken)
    {
        if (front is null || Interlocked.Exchange(ref _front, 1) != 0)
        {
            return;
        }

        var begun = clock.GetTimestamp();
        try
        {
            await front.RehearseAsync(template, cancellationToken);
        }
        catch
        {
            _front = 0;
            throw;
        }

        var took = clock.GetElapsedTime(begun);
        LogFront(took.TotalMilliseconds);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "rehearsed a caller's request in {Millis:0} ms")]
    private partial void LogFront(double millis);

    [LoggerMessage(Level = LogLevel.Information, Message = "rehearsed on worker {Worker} with template {Template}: {Outcome} in {Millis:0} ms")]
    private partial void LogRehearsed(string worker, string template, Outcome outcome, double millis);

    [LoggerMessage(Level = LogLevel.Information, Message = "worker {Worker} is not rehearsed: {Reason}")]
    private partial void LogSkipped(string worker, string reason);
}
