using System.Text.Json;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Accounting;

namespace Sandcastle.Worker.Tests.Accounting;

public sealed class ReceiptJournalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_what_was_appended_comes_back_whole_and_in_order()
    {
        using var journal = ReceiptJournal.Open(_directory.Location);
        var receipts = Enumerable.Range(1, 600).Select(cpu => Receipts.New(cpu)).ToList();
        receipts.ForEach(journal.Append);

        var read = await TakeAsync(journal, receipts.Count);

        read.Select(Text).ShouldBe(receipts.Select(Text));
    }

    [Fact]
    public async Task Read_waits_for_what_is_not_there_yet()
    {
        using var journal = ReceiptJournal.Open(_directory.Location);
        var reading = TakeAsync(journal, 2);
        var first = Receipts.New();
        var second = Receipts.New();

        journal.Append(first);
        journal.Append(second);

        (await reading).Select(receipt => receipt.Run).ShouldBe([first.Run, second.Run]);
    }

    [Fact]
    public async Task Open_after_acknowledgement_starts_behind_it_and_old_files_are_gone()
    {
        var last = Receipts.New();
        using (var journal = ReceiptJournal.Open(_directory.Location, segmentBytes: 4096))
        {
            for (var i = 0; i < 50; i++)
            {
                journal.Append(Receipts.New());
            }

            journal.Append(last);
            Directory.GetFiles(_directory.Location, "*.log").Length.ShouldBeGreaterThan(5);
            var position = 0L;
            var count = 0;
            await foreach (var batch in journal.ReadAsync(Cancelled))
            {
                count += batch.Receipts.Count;
                if (count == 51)
                {
                    break;
                }

                position = batch.Position;
            }

            journal.Acknowledge(position);
        }

        using var again = ReceiptJournal.Open(_directory.Location);
        Directory.GetFiles(_directory.Location, "*.log").Length.ShouldBeLessThan(3);
        var left = await TakeAsync(again, 1);
        left[^1].Run.ShouldBe(last.Run);
    }

    [Fact]
    public async Task Open_torn_tail_is_cut_and_the_journal_goes_on()
    {
        var whole = Receipts.New();
        using (var journal = ReceiptJournal.Open(_directory.Location))
        {
            journal.Append(whole);
        }

        var file = Directory.GetFiles(_directory.Location, "*.log").Single();
        await File.AppendAllTextAsync(file, "01234567 {\"run\":\"run_", Cancelled);
        var next = Receipts.New();

        using var again = ReceiptJournal.Open(_directory.Location);
        again.Append(next);

        (await TakeAsync(again, 2)).Select(receipt => receipt.Run).ShouldBe([whole.Run, next.Run]);
    }

    [Fact]
    public async Task Read_rotten_record_is_skipped()
    {
        var good = Receipts.New();
        using (var journal = ReceiptJournal.Open(_directory.Location))
        {
            journal.Append(Receipts.New());
            journal.Append(good);
        }

        var file = Directory.GetFiles(_directory.Location, "*.log").Single();
        var bytes = await File.ReadAllBytesAsync(file, Cancelled);
        bytes[40] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancelled);

        using var again = ReceiptJournal.Open(_directory.Location);

        (await TakeAsync(again, 1)).ShouldHaveSingleItem().Run.ShouldBe(good.Run);
    }

    [Fact]
    public async Task Append_by_many_threads_loses_and_doubles_nothing()
    {
        using var journal = ReceiptJournal.Open(_directory.Location, segmentBytes: 64 * 1024);
        var receipts = Enumerable.Range(0, 500).Select(_ => Receipts.New()).ToList();

        Parallel.ForEach(receipts, journal.Append);

        (await TakeAsync(journal, 500)).Select(receipt => receipt.Run).ShouldBe(receipts.Select(receipt => receipt.Run), ignoreOrder: true);
    }

    public void Dispose() => _directory.Dispose();

    // Members in an order of the serializer's own, so that dictionaries compare by content.
    private static string Text(Receipt receipt) => JsonSerializer.Serialize(receipt);

    private static async Task<List<Receipt>> TakeAsync(ReceiptJournal journal, int count)
    {
        var receipts = new List<Receipt>();
        await foreach (var batch in journal.ReadAsync(Cancelled))
        {
            receipts.AddRange(batch.Receipts);
            if (receipts.Count >= count)
            {
                break;
            }
        }

        return receipts;
    }
}
