namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>The system's clock, moved by as much as a test says; timers go on at their own pace.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private TimeSpan _shift;

    public void Advance(TimeSpan by) => _shift += by;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;
}
