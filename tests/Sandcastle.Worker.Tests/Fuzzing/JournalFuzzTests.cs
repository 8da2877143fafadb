using System.Text.Json;
using CsCheck;
using Fuzzing;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Accounting;
using Sandcastle.Worker.Tests.Accounting;

namespace Sandcastle.Worker.Tests.Fuzzing;

/// <summary>
/// Files that a machine's death, a bad disk or somebody's editor left: they open, what is read was once written, nothing is invented,
/// and what is appended now comes back.
/// </summary>
public sealed class JournalFuzzTests : IDisposable
{
    private static readonly byte[][] Tokens =
        [[], [0], "\n"u8.ToArray(), "null"u8.ToArray(), "{}"u8.ToArray(), "00000000 {}\n"u8.ToArray(), new byte[4096], [0xff, 0xfe], "99999999999999999999"u8.ToArray(), "-1"u8.ToArray()];

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Journal_damaged_anyhow_gives_only_what_was_written_and_goes_on()
    {
        var receipts = Enumerable.Range(1, 20).Select(cpu => Receipts.New(cpu)).ToList();
        var whole = receipts.SelectMany(JournalRecord.Write).ToArray();
        var written = receipts.Select(Text).ToHashSet();

        Property.Hold(Mutations.OfBytes([whole], Tokens), 400, bytes =>
        {
            var directory = Fresh(bytes);
            var next = Receipts.New(4711);
            using (var journal = ReceiptJournal.Open(directory))
            {
                journal.Append(next);
                journal.Unacknowledged().Select(Text).ShouldBeSubsetOf([.. written, Text(next)]);
            }

            using var again = ReceiptJournal.Open(directory);
            again.Unacknowledged().Last().Run.ShouldBe(next.Run);
        });
    }

    [Fact]
    public void Journal_position_damaged_anyhow_hides_no_receipt_that_comes()
    {
        byte[][] valid = ["00000000000000000000"u8.ToArray(), "00000000000000000900"u8.ToArray(), "99999999999999999999"u8.ToArray(), [], new byte[20]];
        Property.Hold(Mutations.OfBytes(valid, Tokens), 200, position =>
        {
            var directory = Fresh([.. JournalRecord.Write(Receipts.New()), .. JournalRecord.Write(Receipts.New())]);
            File.WriteAllBytes(Path.Combine(directory, "acknowledged"), position);
            using var journal = ReceiptJournal.Open(directory);
            var next = Receipts.New();
            journal.Append(next);
            journal.Unacknowledged().Last().Run.ShouldBe(next.Run);
        }, Convert.ToHexString);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(131_072)]
    [InlineData(300_000)]
    public void Journal_tail_of_zeros_of_any_length_costs_no_receipt(int zeros)
    {
        var kept = Receipts.New();
        var directory = Fresh([.. JournalRecord.Write(kept), .. new byte[zeros]]);
        using var journal = ReceiptJournal.Open(directory);
        journal.Append(Receipts.New());

        journal.Unacknowledged().First().Run.ShouldBe(kept.Run);
        journal.Unacknowledged().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(131_072)]
    [InlineData(300_000)]
    public void Journal_rot_of_any_length_between_receipts_is_passed_over(int length)
    {
        var (first, last) = (Receipts.New(), Receipts.New());
        var directory = Fresh([.. JournalRecord.Write(first), .. new byte[length], (byte)'\n', .. JournalRecord.Write(last)]);
        using var journal = ReceiptJournal.Open(directory);

        journal.Unacknowledged().Select(receipt => receipt.Run).ShouldBe([first.Run, last.Run]);
    }

    [Theory]
    [InlineData("receipts-1.log")]
    [InlineData("receipts-00000000000000000000 (copy).log")]
    [InlineData("receipts-99999999999999999999.log")]
    [InlineData("receipts-.log")]
    public void Journal_file_with_a_name_that_is_not_ours_is_left_alone(string name)
    {
        var kept = Receipts.New();
        var directory = Fresh(JournalRecord.Write(kept));
        File.WriteAllText(Path.Combine(directory, name), "not a journal");
        using var journal = ReceiptJournal.Open(directory);

        journal.Unacknowledged().ShouldHaveSingleItem().Run.ShouldBe(kept.Run);
        File.ReadAllText(Path.Combine(directory, name)).ShouldBe("not a journal");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"run\":7}")]
    public void Journal_record_that_is_whole_but_no_receipt_is_named(string json)
    {
        // What another version wrote is not rot: passed over, its run would never be billed, and nobody would know.
        var crc = Crc(json);
        var directory = Fresh([.. System.Text.Encoding.ASCII.GetBytes($"{crc:x8} {json}\n")]);
        using var journal = ReceiptJournal.Open(directory);

        Should.Throw<InvalidDataException>(() => journal.Unacknowledged().ToList()).Message.ShouldContain("at 0");
    }

    [Fact]
    public void Table_damaged_anyhow_gives_only_whole_runs()
    {
        var path = _directory.PathTo("runs");
        using (var table = OpenRunTable.Create(path, 4))
        {
            table.Add(new OpenRun("slot-1", 17, Receipts.New()));
            table.Add(new OpenRun("slot-2", 18, Receipts.New()));
        }

        byte[][] tokens =
            [.. Tokens, "\"draft\":null"u8.ToArray(), "\"slot\":null"u8.ToArray(), "\"run\":7"u8.ToArray(), "[[[["u8.ToArray(), [2, 0, 0, 0, (byte)'{', (byte)'}'], [0xff, 0xff, 0xff, 0x7f]];
        Property.Hold(Mutations.OfBytes([File.ReadAllBytes(path)], tokens), 2000, bytes =>
        {
            File.WriteAllBytes(path, bytes);
            foreach (var run in OpenRunTable.ReadLeft(path))
            {
                run.Slot.ShouldNotBeNull();
                run.Draft.Tenant.ShouldNotBeNull();
                run.Draft.Limits.ShouldNotBeNull();
                run.Draft.Sources.ShouldNotBeNull();
                RunId.TryParse(run.Draft.Run.Value, out _).ShouldBeTrue();
            }
        }, bytes => $"{bytes.Length} bytes");
    }

    public void Dispose() => _directory.Dispose();

    private static string Text(Receipt receipt) => JsonSerializer.Serialize(receipt);

    private static uint Crc(string json)
    {
        var crc = uint.MaxValue;
        foreach (var one in System.Text.Encoding.ASCII.GetBytes(json))
        {
            crc = System.Numerics.BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }

    /// <summary>A journal of one segment that holds these bytes.</summary>
    private string Fresh(ReadOnlySpan<byte> bytes)
    {
        var directory = _directory.PathTo("journal");
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        Directory.CreateDirectory(directory);
        File.WriteAllBytes(Path.Combine(directory, "receipts-00000000000000000000.log"), bytes);
        return directory;
    }
}
