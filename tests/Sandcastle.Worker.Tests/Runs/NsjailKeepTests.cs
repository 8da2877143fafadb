using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>The same work behind nsjail's wall.</summary>
public sealed class NsjailKeepTests
{
    [Fact]
    public async Task Nsjail_keep_runs_every_language_and_is_named_in_the_receipt()
    {
        Assert.SkipUnless(RunningWorker.Missing is null, RunningWorker.Missing ?? "");
        var nsjail = WorkerOptions.Find("SANDCASTLE_NSJAIL", "nsjail");
        Assert.SkipUnless(nsjail is not null, "nsjail was found neither in SANDCASTLE_NSJAIL nor in PATH");
        await using var worker = new RunningWorker();
        await worker.StartAsync(options => options with { Nsjail = nsjail, RequireKeep = "nsjail" });

        foreach (var (template, code) in new[] { ("python", "print(6 * 7)"), ("bash", "echo 42"), ("node", "console.log(42)") })
        {
            if (worker.Status(template).Available)
            {
                var report = await worker.RunAsync(template, code, order => order with { RequireKeep = "nsjail" });
                report.Outcome.ShouldBe(Outcome.Succeeded);
                report.Stdout.Span.SequenceEqual("42\n"u8).ShouldBeTrue();
                report.Receipt.Keep.ShouldBe("nsjail");
            }
        }
    }

    [Fact]
    public async Task Required_keep_that_is_missing_stops_the_start()
    {
        Assert.SkipUnless(RunningWorker.Missing is null, RunningWorker.Missing ?? "");
        await using var worker = new RunningWorker();

        var failure = await Should.ThrowAsync<WorkerStartException>(() => worker.StartAsync(options => options with { Nsjail = null, RequireKeep = "nsjail" }));

        failure.Message.ShouldContain("nsjail is required");
    }

    [Fact]
    public async Task Run_that_requires_another_keep_is_refused()
    {
        Assert.SkipUnless(RunningWorker.Missing is null, RunningWorker.Missing ?? "");
        await using var worker = new RunningWorker();
        await worker.StartAsync(options => options with { Nsjail = null });

        var refusal = await Should.ThrowAsync<RefusalException>(() => worker.RunAsync("bash", "true", order => order with { RequireKeep = "nsjail" }));

        refusal.Refusal.Kind.ShouldBe(RefusalKind.TemplateUnavailable);
        refusal.Message.ShouldContain("requires nsjail");
    }
}
