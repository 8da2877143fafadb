using Sandcastle.Protocol.Runs;

namespace Sandcastle.Protocol.Tests;

public sealed class OutputTapeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TryRead_whatever_the_pieces_gives_what_was_written_in_its_order(int seed)
    {
        var random = new Random(seed);
        var tape = new OutputTape();
        var written = new List<(OutputKind Kind, byte Value)>();
        var early = new List<(OutputKind Kind, byte Value)>();
        var at = default(OutputPosition);
        for (var i = 0; i < 3000; i++)
        {
            if (random.Next(50) == 0)
            {
                var place = random.Next(256);
                tape.Note(OutputKind.Queued, place);
                written.Add((OutputKind.Queued, (byte)place));
            }

            var kind = random.Next(3) == 0 ? OutputKind.Stderr : OutputKind.Stdout;
            var bytes = new byte[random.Next(10) == 0 ? random.Next(5000) : random.Next(4)];
            random.NextBytes(bytes);
            tape.Append(kind, bytes);
            written.AddRange(bytes.Select(b => (kind, b)));
            if (random.Next(3) == 0)
            {
                Read(tape, ref at, early, most: random.Next(4));
            }
        }

        var late = new List<(OutputKind Kind, byte Value)>();
        var beginning = default(OutputPosition);
        Read(tape, ref at, early, int.MaxValue);
        Read(tape, ref beginning, late, int.MaxValue);

        early.ShouldBe(written);
        late.ShouldBe(written);
        tape.Clear();
        var again = default(OutputPosition);
        tape.TryRead(ref again, out _).ShouldBeFalse();
    }

    /// <summary>An object for each piece was 128 bytes and more for each of these.</summary>
    [Fact]
    public void Append_byte_by_byte_costs_no_more_than_five_for_each()
    {
        var tape = new OutputTape();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500_000; i++)
        {
            tape.Append(OutputKind.Stdout, "x"u8);
            tape.Append(OutputKind.Stderr, "y"u8);
        }

        // A list that grows has had twice its size.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(12_000_000);
    }

    private static void Read(OutputTape tape, ref OutputPosition at, List<(OutputKind Kind, byte Value)> into, int most)
    {
        for (var i = 0; i < most && tape.TryRead(ref at, out var chunk); i++)
        {
            if (chunk.Kind == OutputKind.Queued)
            {
                into.Add((chunk.Kind, (byte)chunk.Place));
            }

            foreach (var value in chunk.Bytes.Span)
            {
                into.Add((chunk.Kind, value));
            }
        }
    }
}
