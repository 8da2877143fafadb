using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>Names that a program can make and no caller expects.</summary>
[Collection(nameof(WorkerCollection))]
public sealed class CollectTests(RunningWorker worker)
{
    private const string Names = """
        import os
        open('ok.txt', 'w').write('x')
        for name in (b'\xff.txt', b'a\nb.txt', b'-.txt', b'\xed\xa0\x80.txt'): open(name, 'w').close()
        for _ in range(20):
            os.mkdir('d' * 250)
            os.chdir('d' * 250)
            open('deep.txt', 'w').close()
        """;

    [Fact]
    public async Task Run_that_leaves_paths_longer_than_the_kernel_takes_is_answered_with_what_can_be_read()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("python", Names, order => order with { Collect = ["**"] });

        report.Outcome.ShouldBe(Outcome.Succeeded, System.Text.Encoding.UTF8.GetString(report.Stderr.Span));
        report.Files.Select(file => file.Path).ShouldContain("ok.txt");
        report.Files.Select(file => file.Path).ShouldContain("a\nb.txt");
        report.Files.Count(file => file.Path.EndsWith("deep.txt", StringComparison.Ordinal)).ShouldBe(16);
        report.CollectErrors.ShouldContain(error => error.Contains("the kernel takes no path of 4096 bytes"));
    }

    /// <summary>A hole costs its maker nothing. Each of these was read up to 16 MiB, 4 GiB in all, before it was found to be too long.</summary>
    [Fact]
    public async Task Run_that_leaves_holes_is_answered_with_the_files_that_fit()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        const string Holes = "import os\nfor i in range(255):\n  with open(f'{i}', 'w') as f: f.truncate(1 << 40)\nopen('small.txt', 'w').write('x')";

        var report = await worker.RunAsync("python", Holes, order => order with { Collect = ["**"] });

        report.Files.Select(file => file.Path).ShouldBe(["small.txt"]);
        report.CollectErrors.Count(error => error.EndsWith("all collected files together may have 16 MiB", StringComparison.Ordinal)).ShouldBe(255);
    }

    /// <summary>Names are kept by the worker, at nobody's charge, and told to the caller: ten thousand of four thousand characters were 80 MB here and 40 MB there.</summary>
    [Fact]
    public async Task Run_that_leaves_very_many_very_long_names_costs_the_worker_little()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        const string LongNames = """
            import os
            for _ in range(15):
                os.mkdir('d' * 255)
                os.chdir('d' * 255)
            for i in range(9900):
                with open(f'{i:0200}', 'w') as f: f.truncate(1 << 40)
            """;

        var report = await worker.RunAsync("python", LongNames, order => order with { Collect = ["**"] });

        report.Outcome.ShouldBe(Outcome.Succeeded, System.Text.Encoding.UTF8.GetString(report.Stderr.Span));
        report.CollectErrors.ShouldContain("only names of 1000000 characters in all were looked at");
        report.CollectErrors.Sum(error => error.Length).ShouldBeLessThan(100_000);
        report.CollectErrors[^1].ShouldMatch(@"^and \d+ more of this kind$");
    }
}
