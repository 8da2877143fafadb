using System.Text;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>The jail's program, built with AddressSanitizer and UBSan, does its whole work: walls, slots, files, ends. A finding ends it, and the run with it.</summary>
public sealed class SanitizedJailTests
{
    [Fact]
    public async Task Sanitized_jail_runs_programs_and_finds_nothing()
    {
        var program = Repository.PathTo("artifacts", "native-asan", "sandcastle-jail");
        Assert.SkipUnless(RunningWorker.Missing is null, RunningWorker.Missing ?? "");
        Assert.SkipUnless(File.Exists(program), "the sanitized jail was not built: make native-asan");
        using var native = new TemporaryDirectory();
        File.Copy(program, native.PathTo("sandcastle-jail"));
        File.Copy(Repository.PathTo("artifacts", "native", "libsandcastle_jail.so"), native.PathTo("libsandcastle_jail.so"));
        await using var worker = new RunningWorker();
        await worker.StartAsync(options => options with { NativeDirectory = native.Location, Nsjail = null });

        (await worker.RunAsync("python", "print(1)")).Outcome.ShouldBe(Outcome.Succeeded);
        (await worker.RunAsync("python", "import os; os.abort()")).Signal.ShouldBe(6);
        (await worker.RunAsync("bash", "sleep 60 & kill -9 $$")).Signal.ShouldBe(9);
        var files = await worker.RunAsync("bash", "cat in.txt > out.txt; ls missing", order => order with
        {
            Files = [new RunFile("in.txt", "text"u8.ToArray())],
            Collect = ["out.txt", "/etc/passwd", "no/such"],
            Limits = order.Limits with { DiskBytes = 8 << 20 },
        });
        Encoding.UTF8.GetString(files.Files.ShouldHaveSingleItem().Content.Span).ShouldBe("text");
        (await worker.RunAsync("bash", "sleep 60", order => order with { Limits = order.Limits with { Timeout = TimeSpan.FromMilliseconds(200) } }))
            .Outcome.ShouldBe(Outcome.TimedOut);

        // What the broker and the keeps write on stderr is in the worker's log; a sanitizer's report would be.
        worker.Log.ShouldNotContain(line => line.Contains("Sanitizer", StringComparison.Ordinal) || line.Contains("runtime error", StringComparison.Ordinal));
    }
}
