using Microsoft.Extensions.Logging.Abstractions;

namespace Sandcastle.Worker.Tests.Accounting;

public sealed class WorkerMeterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Read_of_two_starts_at_one_moment_tells_them_apart()
    {
        await using var first = Worker(new ClockAt(Noon));
        await using var second = Worker(new ClockAt(Noon));

        var (one, other) = (first.ReadMeter(), second.ReadMeter());

        (one.StartedAt, other.StartedAt).ShouldBe((Noon, Noon));
        one.Incarnation.ShouldNotBe(other.Incarnation);
        first.ReadMeter().Incarnation.ShouldBe(one.Incarnation);
        one.Incarnation.Length.ShouldBe(32);
    }

    /// <summary>Time that a worker has been there passes whatever happens to the clock on its wall.</summary>
    [Fact]
    public async Task Read_after_the_clock_was_set_back_has_had_no_less()
    {
        var clock = new ClockAt(Noon);
        await using var worker = Worker(clock);

        clock.Pass(TimeSpan.FromSeconds(20));
        clock.Now = Noon.AddHours(-1);
        var meter = worker.ReadMeter();

        (meter.StartedAt, meter.Elapsed).ShouldBe((Noon, TimeSpan.FromSeconds(20)));
    }

    private static WorkerHost Worker(TimeProvider clock) => new(
        new WorkerOptions
        {
            DataDirectory = "/nowhere",
            NativeDirectory = "/nowhere",
            GuestDirectory = "/nowhere",
            PolicyDirectory = "/nowhere",
            TemplateDirectories = [],
        },
        clock,
        NullLogger<WorkerHost>.Instance);

    /// <summary>A wall clock that can be set, beside one that only goes on.</summary>
    private sealed class ClockAt(DateTimeOffset now) : TimeProvider
    {
        private long _passed;

        internal DateTimeOffset Now { get; set; } = now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => _passed;

        internal void Pass(TimeSpan time) => (_passed, Now) = (_passed + time.Ticks, Now + time);
    }
}
