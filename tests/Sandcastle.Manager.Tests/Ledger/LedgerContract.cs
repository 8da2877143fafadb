using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Books;
using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Ledger;

/// <summary>What any store does with receipts.</summary>
public abstract class LedgerContract
{
    /// <summary>Opens the ledger of this test; a second time, the same one.</summary>
    protected abstract Task<ILedger> OpenAsync();

    [Fact]
    public async Task Record_sameReceiptTwice_isChargedOnce()
    {
        await using var ledger = await OpenAsync();
        var receipt = Receipts.New();
        await ledger.RecordAsync([receipt, receipt], TestContext.Current.CancellationToken);
        await ledger.RecordAsync([receipt with { CpuMicros = 1 }, Receipts.New()], TestContext.Current.CancellationToken);
        var rows = await SumAsync(ledger, "default");
        rows.Single().Runs.ShouldBe(2);
        rows.Single().CpuMicros.ShouldBe(6000);
    }

    [Fact]
    public async Task Record_nothing_isNothing()
    {
        await using var ledger = await OpenAsync();
        await ledger.RecordAsync([], TestContext.Current.CancellationToken);
        (await SumAsync(ledger, "default")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Find_recordedReceipt_comesBackWhole()
    {
        await using var ledger = await OpenAsync();
        var receipt = Receipts.New(outcome: Outcome.OutOfMemory) with
        {
            ExitCode = null,
            Signal = 9,
            Unenforced = ["memory", "cpu"],
            MemoryByteSeconds = 1.0 / 3,
            WallMicros = long.MaxValue,
        };
        await ledger.RecordAsync([receipt], TestContext.Current.CancellationToken);
        var found = await ledger.FindAsync("default", receipt.Run, TestContext.Current.CancellationToken);
        (found! with { Sources = receipt.Sources, Unenforced = receipt.Unenforced }).ShouldBe(receipt);
        found.Unenforced.ShouldBe(receipt.Unenforced);
        found.Sources["memory"].ShouldBe(receipt.Sources["memory"]);
        (await ledger.FindAsync("other", receipt.Run, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task Find_receiptWithVeryLongSources_comesBackWhole()
    {
        await using var ledger = await OpenAsync();
        var sources = Enumerable.Range(0, 500).ToDictionary(i => $"figure{i}", i => new FigureSource($"file {i} of {Guid.NewGuid()}", FigureKind.Estimate));
        var receipt = Receipts.New() with { Sources = sources };
        await ledger.RecordAsync([receipt, Receipts.New() with { Sources = sources }], TestContext.Current.CancellationToken);
        var found = await ledger.FindAsync("default", receipt.Run, TestContext.Current.CancellationToken);
        found!.Sources.ShouldBe(sources, ignoreOrder: true);
    }

    [Fact]
    public async Task Sum_interval_takesItsStartAndNotItsEnd()
    {
        await using var ledger = await OpenAsync();
        await ledger.RecordAsync(
            [
                Receipts.New(),
                Receipts.New(outcome: Outcome.Failed),
                Receipts.New(template: "bash"),
                Receipts.New(tenant: "other"),
                Receipts.New() with { StartedAt = Receipts.Noon.AddHours(1) },
                Receipts.New() with { StartedAt = Receipts.Noon.AddTicks(-10) },
            ],
            TestContext.Current.CancellationToken);
        var rows = await SumAsync(ledger, "default");
        rows.Select(r => (r.Template, r.Outcome, r.Runs)).ShouldBe(
            [("bash", Outcome.Succeeded, 1), ("python", Outcome.Failed, 1), ("python", Outcome.Succeeded, 1)]);
    }

    [Fact]
    public async Task Sum_templates_areInTheOrderOfTheirBytes()
    {
        await using var ledger = await OpenAsync();
        string[] names = ["b", "B", "a-c", "ab", "é", "_"];
        await ledger.RecordAsync([.. names.Select(n => Receipts.New(template: n))], TestContext.Current.CancellationToken);
        (await SumAsync(ledger, "default")).Select(r => r.Template).ShouldBe(names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Record_manyWritersWithTheSameReceipts_sumsAreExact()
    {
        await using var ledger = await OpenAsync();
        var receipts = Enumerable.Range(0, 3000).Select(i => Receipts.New(tenant: i % 3 == 0 ? "a" : "b", template: $"t{i % 7}")).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(
            async () =>
            {
                // Each offers everything, in an order and in batches of its own.
                var mine = (Receipt[])receipts.Clone();
                new Random(seed).Shuffle(mine);
                foreach (var batch in mine.Chunk(100 + (70 * seed)))
                {
                    await ledger.RecordAsync(batch, TestContext.Current.CancellationToken);
                }
            },
            TestContext.Current.CancellationToken)));
        var (a, b) = (await SumAsync(ledger, "a"), await SumAsync(ledger, "b"));
        (a.Sum(r => r.Runs), b.Sum(r => r.Runs)).ShouldBe((1000, 2000));
        a.Concat(b).Sum(r => r.CpuMicros).ShouldBe(3000 * 3000);
        a.Concat(b).Sum(r => r.OutputBytes).ShouldBe(3000 * 6);
        (await ledger.VerifyAsync(TestContext.Current.CancellationToken)).Holds.ShouldBeTrue();
    }

    [Fact]
    public async Task Open_again_keepsWhatWasRecorded()
    {
        var receipt = Receipts.New();
        await using (var ledger = await OpenAsync())
        {
            await ledger.RecordAsync([receipt], TestContext.Current.CancellationToken);
        }

        await using var again = await OpenAsync();
        (await again.FindAsync("default", receipt.Run, TestContext.Current.CancellationToken)).ShouldNotBeNull();
    }

    /// <summary>By when it was booked, and once; whatever its run's own time was.</summary>
    [Fact]
    public async Task Booked_countsTheHourInWhichAReceiptCame()
    {
        await using var ledger = await OpenAsync();
        var before = TimeProvider.System.GetUtcNow().AddHours(-1);
        var (from, to) = (before.AddMinutes(-before.Minute).AddSeconds(-before.Second - 1), before.AddHours(3));
        var receipt = Receipts.New() with { CpuMicros = 2_500_000, MemoryByteSeconds = 1L << 31 };
        await ledger.RecordAsync([receipt, receipt, Receipts.New(tenant: "other")], TestContext.Current.CancellationToken);
        await ledger.RecordAsync([receipt with { CpuMicros = 9 }, Receipts.New() with { CpuMicros = 500_000, MemoryByteSeconds = 0 }], TestContext.Current.CancellationToken);
        (await ledger.BookedAsync("default", from, to, TestContext.Current.CancellationToken)).ShouldBe((3, 2));
        (await ledger.BookedAsync("default", Receipts.Noon, Receipts.Noon.AddHours(1), TestContext.Current.CancellationToken)).ShouldBe((0, 0));
        await ledger.RetireAsync(new BookRetention(), TimeProvider.System.GetUtcNow().AddDays(63), TestContext.Current.CancellationToken);
        (await ledger.BookedAsync("default", from, to, TestContext.Current.CancellationToken)).ShouldBe((0, 0));
    }

    /// <summary>A program makes the kernel count what it likes of bytes; a worker that was taken over may say anything of the rest.</summary>
    [Fact]
    public async Task Sum_figuresThatNoSumHolds_stayWhereAnAmountEnds_andHideNothingElse()
    {
        await using var ledger = await OpenAsync();
        for (var minute = 0; minute < 3; minute++)
        {
            await ledger.RecordAsync(
                [Receipts.New() with { StartedAt = Receipts.Noon.AddMinutes(minute), CpuMicros = 1L << 62, WallMicros = 1L << 62, IoReadBytes = 1L << 62, IoWriteBytes = 1L << 62, OutputBytes = 1L << 62 }],
                TestContext.Current.CancellationToken);
        }

        var row = (await SumAsync(ledger, "default")).Single();
        (row.Runs, row.CpuMicros, row.WallMicros, row.IoReadBytes, row.IoWriteBytes, row.OutputBytes)
            .ShouldBe((3, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue));
        (await ledger.VerifyAsync(TestContext.Current.CancellationToken)).Holds.ShouldBeTrue();
        await ledger.RetireAsync(new BookRetention(), Receipts.Noon.AddDays(20), TestContext.Current.CancellationToken);
        (await SumAsync(ledger, "default")).Single().IoReadBytes.ShouldBe(long.MaxValue);
    }

    [Fact]
    public async Task SetAside_keepsEachOnceAndSoManyOfOneWorker_untilReceiptsGo()
    {
        await using var ledger = await OpenAsync();
        var now = Receipts.Noon;
        var many = Enumerable.Range(0, 5).Select(i => new AsideReceipt("w", "why", $"\0{i}{new string('x', 20_000)}")).ToList();
        await ledger.SetAsideAsync(many, most: 3, now, TestContext.Current.CancellationToken);
        await ledger.SetAsideAsync([many[0], new AsideReceipt("v", "why", "what")], most: 3, now.AddSeconds(1), TestContext.Current.CancellationToken);
        var kept = await ledger.ReadAsideAsync(TestContext.Current.CancellationToken);
        kept.Select(k => k.Worker).ShouldBe(["w", "w", "w", "v"]);
        kept[3].ShouldBe(new AsideReceipt("v", "why", "what"));
        kept.ShouldAllBe(k => k.Text.Length <= 16_384);
        await ledger.RetireAsync(new BookRetention(), now.AddDays(30).AddSeconds(1), TestContext.Current.CancellationToken);
        (await ledger.ReadAsideAsync(TestContext.Current.CancellationToken)).Single().Worker.ShouldBe("v");
    }

    private protected static Task<IReadOnlyList<UsageRow>> SumAsync(ILedger ledger, string tenant) =>
        ledger.SumAsync(tenant, Receipts.Noon, Receipts.Noon.AddHours(1), TestContext.Current.CancellationToken);
}
