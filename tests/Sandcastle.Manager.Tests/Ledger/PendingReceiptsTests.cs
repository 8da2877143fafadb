using Sandcastle.Manager.Ledger;
using Sandcastle.Protocol.Runs;
using Sandcastle.Testing.Clocks;

namespace Sandcastle.Manager.Tests.Ledger;

/// <summary>What is known of receipts that are not in the ledger, however long none gets there.</summary>
public sealed class PendingReceiptsTests
{
    private readonly HandClock _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Ended_whileNothingIsRecorded_isCountedAndRememberedUpToTheBound()
    {
        var pending = new PendingReceipts(_clock, most: 100);
        for (var i = 0; i < 10_000; i++)
        {
            End(pending);
        }

        pending.Begin(RunId.New());
        (pending.Count, pending.Remembered).ShouldBe((10_000, 101));
    }

    [Fact]
    public async Task Settle_afterTheOldestWereLetGo_isFalseUntilEveryYoungerOneIsRecorded()
    {
        var pending = new PendingReceipts(_clock, most: 2);
        var runs = Enumerable.Range(0, 5).Select(_ => End(pending)).ToList();
        pending.Recorded(runs[..4]);
        pending.Count.ShouldBe(4);
        var settling = pending.SettleAsync(Cancelled);
        settling.IsCompleted.ShouldBeFalse();
        pending.Recorded(runs[..4]);
        pending.Recorded([runs[4]]);
        (await settling).ShouldBeFalse("what was let go when it began to wait is not known to be there");
        (await pending.SettleAsync(Cancelled)).ShouldBeTrue();
        (pending.Count, pending.Remembered).ShouldBe((0, 0));
    }

    /// <summary>One whose word was lost, or whose worker is gone for good, must not make every question wait.</summary>
    [Fact]
    public async Task Settle_withARunThatEndedLongAgo_saysSoAtOnceAndWaitsForTheOthersAlone()
    {
        var pending = new PendingReceipts(_clock);
        var old = End(pending);
        _clock.Advance(TimeSpan.FromSeconds(10));
        var asked = pending.SettleAsync(Cancelled);
        asked.IsCompleted.ShouldBeTrue();
        (await asked).ShouldBeFalse();

        var young = End(pending);
        asked = pending.SettleAsync(Cancelled);
        asked.IsCompleted.ShouldBeFalse();
        pending.Recorded([young]);
        (await asked).ShouldBeFalse();
        pending.Recorded([old]);
        (await pending.SettleAsync(Cancelled)).ShouldBeTrue();
    }

    [Fact]
    public async Task Settle_withARunThatHasJustEnded_givesUpAfterASecond()
    {
        var pending = new PendingReceipts(_clock);
        End(pending);
        var asked = pending.SettleAsync(Cancelled);
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        asked.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        (await asked).ShouldBeFalse();
    }

    [Fact]
    public void Recorded_beforeItsAnswerIsHere_isNotDueThen()
    {
        var pending = new PendingReceipts(_clock);
        var run = RunId.New();
        pending.Begin(run);
        pending.Recorded([run]);
        pending.Ended(run);
        (pending.Count, pending.Remembered).ShouldBe((0, 0));
    }

    private static RunId End(PendingReceipts pending)
    {
        var run = RunId.New();
        pending.Begin(run);
        pending.Ended(run);
        return run;
    }
}
