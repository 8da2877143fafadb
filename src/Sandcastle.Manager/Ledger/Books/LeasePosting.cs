using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Tenants;

namespace Sandcastle.Manager.Ledger.Books;

/// <summary>
/// Books what each tenant is leased, from the moment of its admission: every few seconds, and at once when a lease changes, so that what stood until
/// then is booked as it was. Every manager does so, and each second is booked once. Of leases that none of them saw, nothing is booked.
/// </summary>
internal sealed partial class LeasePosting(
    ITenantDirectory tenants, ILedger ledger, BookOptions options, TimeProvider clock, ILogger<LeasePosting> logger) : BackgroundService
{
    /// <summary>What was not booked for longer than so many intervals is not known any more.</summary>
    private const int MostIntervals = 3;

    private static readonly TenantLease None = new(0, 0, Waiting: null);

    /// <summary>What each tenant had when it was last looked at, where that was ever anything.</summary>
    private readonly Dictionary<string, TenantLease> _known = new(StringComparer.Ordinal);

    private bool _due;

    /// <summary>Once more at the end: what was leased since the last interval.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryPostAsync(all: true, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Wake(object? sender, EventArgs e) => looks.Writer.TryWrite(true);
        void Tick(object? state)
        {
            Volatile.Write(ref _due, true);
            looks.Writer.TryWrite(true);
        }

        tenants.Changed += Wake;
        try
        {
            await using var timer = clock.CreateTimer(Tick, null, options.MeterInterval, options.MeterInterval);
            do
            {
                await TryPostAsync(Interlocked.Exchange(ref _due, false), stoppingToken);
            }
            while (await looks.Reader.ReadAsync(stoppingToken));
        }
        finally
        {
            tenants.Changed -= Wake;
        }
    }

    /// <summary>One at a time.</summary>
    /// <param name="all">Also of tenants whose lease is what it was.</param>
    /// <param name="cancellationToken">Ends it between two tenants.</param>
    internal async Task PostAsync(bool all, CancellationToken cancellationToken)
    {
        foreach (var tenant in tenants.Names.Union(_known.Keys, StringComparer.Ordinal).ToList())
        {
            var (had, has) = (_known.GetValueOrDefault(tenant), tenants.Of(tenant).Lease ?? None);
            if (all ? IsNone(had ?? None) && IsNone(has) : IsSame(had ?? None, has))
            {
                continue;
            }

            // One that was never seen here is taken to have been what it is, since a manager that was here before may have booked it until a moment ago.
            var booked = had ?? has;
            await ledger.MeterAsync(
                new LeaseReading(tenant, booked.CpuMillis, booked.MemoryMib, clock.GetUtcNow(), MostIntervals * options.MeterInterval), cancellationToken);
            _known[tenant] = has;
        }
    }

    private static bool IsNone(TenantLease lease) => IsSame(lease, None);

    private static bool IsSame(TenantLease one, TenantLease other) => (one.CpuMillis, one.MemoryMib) == (other.CpuMillis, other.MemoryMib);

    private async Task TryPostAsync(bool all, CancellationToken cancellationToken)
    {
        try
        {
            await PostAsync(all, cancellationToken);
        }
#pragma warning disable CA1031 // The boundary of a loop that must outlive any one failure.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogUnposted(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "leases could not be booked; they are tried again, and a gap of more than three intervals stays")]
    private partial void LogUnposted(Exception exception);
}
