using System.Text.Json;
using Google.Protobuf;
using Sandcastle.Link.Mapping;
using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Manager.Routing.Remote;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Tests.Mapping;

public sealed class RoundTripTests
{
    [Fact]
    public void Order_there_and_back_is_the_same()
    {
        var order = Samples.Order();
        var wire = V1.Order.Parser.ParseFrom(order.ToWire(live: true, TimeProvider.System).ToByteArray());

        wire.Live.ShouldBeTrue();
        var back = wire.FromWire(TimeProvider.System);
        Text(back with { AcceptedTimestamp = 0 }).ShouldBe(Text(order with { AcceptedTimestamp = 0 }));

        // Later by what the way took, never earlier by more than the microsecond that the wire counts in.
        TimeProvider.System.GetElapsedTime(order.AcceptedTimestamp, back.AcceptedTimestamp).ShouldBeGreaterThanOrEqualTo(-TimeSpan.FromMicroseconds(2));
    }

    [Fact]
    public void Meter_there_and_back_is_the_same()
    {
        var meter = new WorkerMeter
        {
            Incarnation = "7c1e",
            StartedAt = DateTimeOffset.UnixEpoch.AddTicks(170_000_000_000_010),
            Elapsed = TimeSpan.FromMicroseconds(7),
            CpuMillis = 1500,
            MemoryBytes = 1L << 40,
            Lot = "lot-a",
            Overhead = TimeSpan.FromMicroseconds(3),
            OverheadByteSeconds = 1L << 50,
            Cpu = new WorkerCpu(TimeSpan.FromMicroseconds(100), TimeSpan.FromMicroseconds(50), TimeSpan.FromMicroseconds(7)),
        };
        meter.Unaccounted.ShouldBe(TimeSpan.FromMicroseconds(40));
        V1.Meter.Parser.ParseFrom(meter.ToWire().ToByteArray()).FromWire().ShouldBe(meter);
        var bare = V1.Meter.Parser.ParseFrom((meter with { Lot = null, Cpu = null }).ToWire().ToByteArray()).FromWire();
        (bare.Lot, bare.Cpu, bare.Unaccounted).ShouldBe((null, null, null));

        // Of a worker that knows no name for its start.
        (meter with { Incarnation = "" }).ToWire().FromWire().Incarnation.ShouldBe("17000000000001");
    }

    /// <summary>A worker that was taken over may say what it likes of what it ran, and gives nobody anything back by it.</summary>
    [Fact]
    public void Receipt_with_figures_that_no_machine_counts_is_worth_nothing_and_no_failure()
    {
        var wire = Samples.Receipt(Samples.Order()).ToWire();
        (wire.CpuMicros, wire.MemoryByteSeconds, wire.WallMicros, wire.OutputBytes, wire.StartedAtMicros) = (-1, double.NaN, long.MinValue, -7, long.MinValue);
        var low = wire.FromWire();
        (low.CpuMicros, low.MemoryByteSeconds, low.WallMicros, low.OutputBytes, low.StartedAt).ShouldBe((0, 0, 0, 0, DateTimeOffset.UnixEpoch));
        (wire.MemoryByteSeconds, wire.StartedAtMicros) = (double.PositiveInfinity, long.MaxValue);
        var high = wire.FromWire();
        (high.MemoryByteSeconds, high.StartedAt.Year).ShouldBe((long.MaxValue, 9999));
        wire.MemoryByteSeconds = -5;
        wire.FromWire().MemoryByteSeconds.ShouldBe(0);
    }

    /// <summary>Its neighbours in the journal are not to wait for it for ever.</summary>
    [Fact]
    public void Batch_with_what_is_no_receipt_gives_the_others_and_says_what_it_was()
    {
        var good = Samples.Receipt(Samples.Order());
        var batch = new V1.ReceiptBatch { Position = 9 };
        batch.Receipts.Add(good.ToWire());
        var nameless = good.ToWire();
        nameless.Run = "run_none";
        batch.Receipts.Add(nameless);
        var limitless = good.ToWire();
        limitless.Limits = null;
        batch.Receipts.Add(limitless);
        var negative = good.ToWire();
        negative.CpuMicros = -1;
        batch.Receipts.Add(negative);

        var read = ReceiptBatches.Read(V1.ReceiptBatch.Parser.ParseFrom(batch.ToByteArray()), r => r);

        read.Position.ShouldBe(9);
        read.Receipts.Select(r => (r.Run, r.CpuMicros)).ShouldBe([(good.Run, 1), (good.Run, -1)]);
        read.Unreadable.Select(u => u.Reason).ShouldBe(["'run_none' is not a run id", "the limits are missing"]);
        read.Unreadable[0].Text.ShouldContain("run_none");
    }

    [Fact]
    public void Times_beyond_any_stay_beyond_and_do_not_turn_round()
    {
        var meter = new V1.Meter { StartedAtMicros = long.MinValue, ElapsedMicros = long.MaxValue, OverheadCpuMicros = long.MinValue, Incarnation = "x" }.FromWire();
        (meter.StartedAt, meter.Elapsed > TimeSpan.FromDays(10_000_000), meter.Overhead < TimeSpan.FromDays(-10_000_000)).ShouldBe((DateTimeOffset.UnixEpoch, true, true));
        new V1.Meter { StartedAtMicros = long.MaxValue, Incarnation = "x" }.FromWire().StartedAt.Year.ShouldBe(9999);
        var refusal = new V1.Refusal { Kind = (V1.RefusalKind)99, RetryAfterMillis = long.MaxValue }.FromWire();
        (refusal.Kind, refusal.RetryAfter).ShouldBe((RefusalKind.Internal, TimeSpan.FromDays(1)));
        Should.Throw<FormatException>(() => new V1.Report().FromWire());
    }

    [Fact]
    public void Order_of_a_command_has_no_code_on_the_other_side()
    {
        var order = Samples.Order() with { Code = null, Argv = ["ls", "-l"], RequireKeep = null };
        var back = V1.Order.Parser.ParseFrom(order.ToWire(live: false, TimeProvider.System).ToByteArray()).FromWire(TimeProvider.System);

        back.Code.ShouldBeNull();
        back.Argv.ShouldBe(["ls", "-l"]);
        back.RequireKeep.ShouldBeNull();
    }

    [Fact]
    public void Order_with_empty_code_is_one_with_code()
    {
        var order = Samples.Order() with { Code = ReadOnlyMemory<byte>.Empty };
        var back = V1.Order.Parser.ParseFrom(order.ToWire(live: false, TimeProvider.System).ToByteArray()).FromWire(TimeProvider.System);

        back.Code.ShouldNotBeNull();
        back.Argv.ShouldBeNull();
    }

    [Fact]
    public void Report_there_and_back_is_the_same()
    {
        var report = Samples.Report(Samples.Order());
        Text(V1.Report.Parser.ParseFrom(report.ToWire().ToByteArray()).FromWire()).ShouldBe(Text(report));

        var bare = report with { ExitCode = null, Signal = null, Receipt = report.Receipt with { ExitCode = null, Signal = null } };
        Text(V1.Report.Parser.ParseFrom(bare.ToWire().ToByteArray()).FromWire()).ShouldBe(Text(bare));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("gone")]
    public void Template_there_and_back_is_the_same(string? reason)
    {
        var template = Samples.Template(reason: reason);
        V1.Template.Parser.ParseFrom(template.ToWire().ToByteArray()).FromWire().ShouldBe(template);
    }

    [Fact]
    public void Refusal_there_and_back_is_the_same()
    {
        var refusal = new Refusal
        {
            Kind = RefusalKind.Preempted,
            Detail = "why",
            Errors = [new FieldError("limits.pids", "too many")],
            RetryAfter = TimeSpan.FromMilliseconds(1500),
            TraceId = "abc",
        };
        Text(V1.Refusal.Parser.ParseFrom(refusal.ToWire().ToByteArray()).FromWire()).ShouldBe(Text(refusal));
        var bare = new Refusal { Kind = RefusalKind.Invalid, Detail = "" };
        Text(V1.Refusal.Parser.ParseFrom(bare.ToWire().ToByteArray()).FromWire()).ShouldBe(Text(bare));
    }

    // The wire's numbers are the enums' own: a member that is put in between would change what the others say.
    [Fact]
    public void Enums_of_the_wire_are_those_of_the_protocol()
    {
        Names<V1.Outcome>().ShouldBe(Names<Outcome>());
        Names<V1.FigureKind>().ShouldBe(Names<FigureKind>());
        Names<V1.RefusalKind>().ShouldBe(Names<RefusalKind>());
    }

    private static IEnumerable<string> Names<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(v => $"{Convert.ToInt32(v, provider: null)} {v}");

    private static string Text<T>(T value) => JsonSerializer.Serialize(value);
}
