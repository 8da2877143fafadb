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
}
