using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>One run's share of its tenant's limits, from its admission to its end. Given back once.</summary>
internal sealed class TenantSeat(TenantAccount account, long memoryBytes) : IDisposable
{
    private Receipt? _receipt;
    private bool _started = true;
    private bool _left;

    public int Weight => account.Weight;

    /// <summary>What a run of this tenant takes of a slot's time, by experience: what the line for capacity reckons with.</summary>
    public double ExpectedMicros { get; } = account.MeanWallMicros;

    public long? MeasuredMicros => _receipt?.WallMicros;

    /// <summary>What it used, for <see cref="Dispose"/> to book. A run that never started has nothing.</summary>
    public void Settle(Receipt receipt) => _receipt = receipt;

    /// <summary>It was refused or cancelled before its program began, which is known for sure: it is no start either.</summary>
    public void NeverStarted() => _started = false;

    public void Dispose()
    {
        if (!_left)
        {
            _left = true;
            account.Leave(memoryBytes, _started, _receipt);
        }
    }
}
