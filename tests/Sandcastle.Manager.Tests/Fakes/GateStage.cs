using Microsoft.Extensions.Logging.Abstractions;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Enforcement;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;
using Sandcastle.Testing.Clocks;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>A gate with a real ledger behind it, terms and time in a test's hand, and no server around it.</summary>
internal sealed class GateStage : IAsyncDisposable
{
    private readonly IntakeMetrics _metrics = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("sandcastle-gate-").FullName;

    public GateStage(TenantOptions? options = null)
    {
        Ledger = new SqliteLedger(Path.Combine(_directory, "ledger.db"), Clock);
        Pending = new PendingReceipts(Clock);
        Gate = new TenantGate(Tenants, options ?? new TenantOptions(), new BudgetReader(Ledger, Pending), Clock);
        Lost = new LostRuns(Gate, Ledger, Clock);
        Door = new ReceiptDoor(Ledger, new WorkerBounds(), _metrics, Clock, NullLogger<ReceiptDoor>.Instance);
    }

    public HandClock Clock { get; } = new();

    public HandTenants Tenants { get; } = new();

    public SqliteLedger Ledger { get; }

    public PendingReceipts Pending { get; }

    public TenantGate Gate { get; }

    public LostRuns Lost { get; }

    public ReceiptDoor Door { get; }

    public RunOrder Order(string tenant = "a", long memoryMib = 256, string template = "python") => new()
    {
        Id = RunId.New(),
        Tenant = tenant,
        Template = template,
        Code = "x"u8.ToArray(),
        Limits = RunLimits.Default with { MemoryBytes = memoryMib << 20 },
        AcceptedTimestamp = Clock.GetTimestamp(),
    };

    /// <summary>What a run of this order used, ending now.</summary>
    public Receipt Receipt(RunOrder order, double cpuSeconds = 0, double wallSeconds = 0, double gibSeconds = 0) =>
        Receipts.New(order.Id, order.Tenant, order.Template) with
        {
            StartedAt = Clock.GetUtcNow() - TimeSpan.FromSeconds(wallSeconds),
            CpuMicros = (long)(cpuSeconds * 1e6),
            WallMicros = (long)(wallSeconds * 1e6),
            MemoryByteSeconds = gibSeconds * (1L << 30),
        };

    /// <summary>A seat that must be there at once.</summary>
    public async Task<TenantSeat> EnterAsync(RunOrder? order = null)
    {
        var entry = Gate.EnterAsync(order ?? Order(), default, TestContext.Current.CancellationToken);
        return await entry;
    }

    public async Task<Refusal> RefusedAsync(RunOrder? order = null, LineWish wish = default) =>
        (await Should.ThrowAsync<RefusalException>(async () => await Gate.EnterAsync(order ?? Order(), wish, TestContext.Current.CancellationToken))).Refusal;

    /// <summary>Stands in line.</summary>
    public Task<TenantSeat> WaitAsync(RunOrder? order = null, double seconds = 60, Action<int>? tell = null) =>
        Gate.EnterAsync(order ?? Order(), new LineWish(TimeSpan.FromSeconds(seconds), tell), TestContext.Current.CancellationToken).AsTask();

    /// <summary>Stands in line for as long as its caller is there.</summary>
    public Task<TenantSeat> WaitForCallerAsync(RunOrder order, CancellationToken gone) =>
        Gate.EnterAsync(order, new LineWish(TimeSpan.FromMinutes(1), null), gone).AsTask();

    /// <summary>Enters, uses so much, and leaves.</summary>
    public async Task UseAsync(double cpuSeconds = 0, double wallSeconds = 0, double gibSeconds = 0, string tenant = "a")
    {
        var order = Order(tenant);
        using var seat = await EnterAsync(order);
        seat.Settle(Receipt(order, cpuSeconds, wallSeconds, gibSeconds));
    }

    public async ValueTask DisposeAsync()
    {
        Gate.Dispose();
        _metrics.Dispose();
        await Ledger.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
