using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>Lets Kueue work after every change of what it looks at, and every second for what becomes due.</summary>
internal sealed class KueueLoop : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly KueueController _kueue;
    private readonly TimeProvider _time;
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public KueueLoop(ObjectStore store, KueueController kueue, TimeProvider time)
    {
        (_kueue, _time) = (kueue, time);
        store.Listen(change =>
        {
            if (change.Resource.Group == KueueResources.Group)
            {
                _due.Writer.TryWrite(true);
            }
        });
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = _time.CreateTimer(_ => _due.Writer.TryWrite(true), null, Period, Period);
        await foreach (var _ in _due.Reader.ReadAllAsync(stoppingToken))
        {
            var begun = Stopwatch.GetTimestamp();
            _kueue.Settle();

            // It looks at everything each time: what changes meanwhile is looked at once.
            await Task.Delay(2 * Stopwatch.GetElapsedTime(begun), stoppingToken);
        }
    }
}
