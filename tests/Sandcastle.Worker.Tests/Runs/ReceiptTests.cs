using System.Globalization;
using System.Text;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>What a run is charged, against what it is known to have done.</summary>
[Collection(nameof(WorkerCollection))]
public sealed class ReceiptTests(RunningWorker worker)
{
    [Fact]
    public async Task Receipt_of_a_busy_program_has_its_cpu_time()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync(
            "python",
            """
            import time
            start = time.process_time()
            while time.process_time() < start + 0.5: pass
            print(int(time.process_time() * 1e6))
            """);

        var receipt = report.Receipt;
        receipt.CpuMicros.ShouldBeInRange(450_000, 650_000);
        // Like the process's own clock, rusage starts with the process: its preparation is in it.
        var process = double.Parse(Encoding.UTF8.GetString(report.Stdout.Span), CultureInfo.InvariantCulture);
        ((double)receipt.RusageCpuMicros).ShouldBe(process, 0.1 * process);
        (receipt.CpuUserMicros + receipt.CpuSystemMicros).ShouldBe(receipt.CpuMicros);
        receipt.WallMicros.ShouldBeGreaterThanOrEqualTo(450_000);

        // Each is told where it stands, not where its neighbour does.
        receipt.Sources["cpuMicros"].Source.ShouldContain("usage");
        receipt.Sources["cpuUserMicros"].Source.ShouldContain("user");
        receipt.Sources["cpuSystemMicros"].Source.ShouldContain("sys");
    }

    [Fact]
    public async Task Receipt_of_an_idle_program_has_wall_time_and_next_to_no_cpu()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("python", "import time; time.sleep(2)");

        // What it takes to begin and to end is the machine's; a fifth of the time would be a program that does something.
        report.Receipt.WallMicros.ShouldBeGreaterThanOrEqualTo(2_000_000);
        report.Receipt.CpuMicros.ShouldBeLessThan(report.Receipt.WallMicros / 5);
    }

    [Fact]
    public async Task Receipt_of_children_counts_them_too()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        // Not waited for: rusage never hears of it, the cgroup does.
        var report = await worker.RunAsync(
            "python",
            """
            import os, time
            r, w = os.pipe()
            if os.fork() == 0:
                if os.fork() == 0:
                    while time.process_time() < 0.6: pass
                    os.write(w, b"x")
                    time.sleep(60)
                os._exit(0)
            os.read(r, 1)
            """);

        report.Receipt.CpuMicros.ShouldBeGreaterThan(590_000);
        report.Receipt.RusageCpuMicros.ShouldBeLessThan(590_000);
    }

    [Fact]
    public async Task Receipt_of_memory_has_its_peak_and_its_integral()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        // The integral is made of samples, for which a busy machine may have no time while the program is there: one of some runs is enough.
        const double Least = 0.4 * (100 << 20);
        var most = 0.0;
        for (var run = 0; run < 5 && most < Least; run++)
        {
            var receipt = (await worker.RunAsync("python", "import time; s = b'x' * (100 << 20); time.sleep(0.5)")).Receipt;
            receipt.PeakMemoryBytes.ShouldBeInRange(100 << 20, 110 << 20);
            receipt.MemoryByteSeconds.ShouldBeLessThanOrEqualTo(receipt.WallMicros / 1e6 * (110 << 20));
            most = receipt.MemoryByteSeconds;
        }

        most.ShouldBeGreaterThanOrEqualTo(Least);
    }

    [Theory]
    [InlineData("python", "open('f', 'wb').write(b'x' * 1_000_000); open('f', 'rb').read()")]
    [InlineData("bash", "head -c 1000000 /dev/zero > f; cat f > /dev/null")]
    public async Task Receipt_of_bytes_read_and_written_is_a_lower_bound(string template, string code)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync(template, code);

        report.Receipt.IoWriteBytes.ShouldBeGreaterThanOrEqualTo(1_000_000);
        report.Receipt.IoReadBytes.ShouldBeGreaterThanOrEqualTo(1_000_000);
        report.Receipt.IoWriteBytes.ShouldBeLessThan(3_000_000);
    }

    [Fact]
    public async Task Receipt_of_a_small_program_owes_nothing_for_the_preparation()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("python", "print(1)");

        report.Receipt.IoReadBytes.ShouldBeLessThan(10_000);
        report.Receipt.IoWriteBytes.ShouldBeLessThan(10_000);
        report.Receipt.CpuMicros.ShouldBeInRange(1, 50_000);
        report.Receipt.PeakMemoryBytes.ShouldBeInRange(100_000, 16 << 20);
        report.Receipt.OutputBytes.ShouldBe(2);
    }

    [Fact]
    public async Task Receipt_says_who_where_and_from_what_source()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var order = RunningWorker.Order("python", "print(1)");

        var receipt = (await worker.Host.RunAsync(order, null, TestContext.Current.CancellationToken)).Receipt;

        receipt.ShouldSatisfyAllConditions(
            () => receipt.Run.ShouldBe(order.Id),
            () => receipt.Tenant.ShouldBe("tenant"),
            () => receipt.Template.ShouldBe("python"),
            () => receipt.Profile.ShouldBe("fork"),
            () => receipt.Keep.ShouldBeOneOf("builtin", "nsjail"),
            () => receipt.Worker.ShouldBe("test"),
            () => receipt.Limits.ShouldBe(order.Limits),
            () => receipt.Unenforced.ShouldBeEmpty());
        var figures = typeof(Receipt).GetProperties().Select(p => p.Name)
            .Where(name => new[] { "Micros", "Bytes", "ByteSeconds" }.Any(unit => name.EndsWith(unit, StringComparison.Ordinal)))
            .Select(name => char.ToLowerInvariant(name[0]) + name[1..]);
        receipt.Sources.Keys.ShouldBe(figures, ignoreOrder: true);
    }

    [Fact]
    public async Task Receipt_is_in_the_journal_when_the_answer_is_there()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("bash", "true");

        await foreach (var batch in worker.Host.ReadReceiptsAsync(TestContext.Current.CancellationToken))
        {
            if (batch.Receipts.Any(receipt => receipt.Run == report.Receipt.Run))
            {
                return;
            }
        }
    }
}
