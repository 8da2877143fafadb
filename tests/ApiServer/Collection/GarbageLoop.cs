using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Collection;

/// <summary>Collects garbage after every change that could have made some.</summary>
internal sealed class GarbageLoop : BackgroundService
{
    private readonly GarbageCollector _collector;
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public GarbageLoop(ObjectStore store, GarbageCollector collector)
    {
        _collector = collector;
        store.Listen(change =>
        {
            if (MakesGarbage(change))
            {
                _due.Writer.TryWrite(true);
            }
        });
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _due.Reader.ReadAllAsync(stoppingToken))
        {
            var begun = Stopwatch.GetTimestamp();
            _collector.Collect();

            // It looks at everything each time: what changes meanwhile is looked at once.
            await Task.Delay(2 * Stopwatch.GetElapsedTime(begun), stoppingToken);
        }
    }

    // A deletion may leave dependents behind or let an owner go; new references may name an owner that is not there.
    private static bool MakesGarbage(Change change) =>
        change.Kind == ChangeKind.Deleted || change.Object.IsDeleting || !change.Object.OwnerUids.SequenceEqual(change.Previous?.OwnerUids ?? []);
}
