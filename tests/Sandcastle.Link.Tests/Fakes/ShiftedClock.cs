namespace Sandcastle.Link.Tests.Fakes;

/// <summary>The system's clock, which a test puts forward.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private TimeSpan _shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _shift;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(_shift.TotalSeconds * TimestampFrequency);

    public void Advance(TimeSpan by) => _shift += by;
}
