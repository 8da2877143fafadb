using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Tests.Cgroups;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>Bursts are served, a full worker says so, and neither leaves anything behind.</summary>
public sealed class CapacityTests : IAsyncLifetime
{
    private readonly RunningWorker _worker = new();
    private readonly TemporaryDirectory _templates = new();

    public ValueTask InitializeAsync()
    {
        _templates.Write("python.yaml", "name: python\nlanguage: python\nready: 4");
        _templates.Write("bash.yaml", "name: bash\nlanguage: command\ncommand: [/bin/bash, -c, '{code}', bash]\nready: 2");
        return default;
    }

    [Fact]
    public async Task Burst_of_500_is_served_without_a_refusal()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        await StartAsync(options => options);

        var reports = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => _worker.RunAsync("python", $"print({i})")));

        reports.ShouldAllBe(report => report.Outcome == Outcome.Succeeded);
        reports.Select(report => System.Text.Encoding.UTF8.GetString(report.Stdout.Span).Trim()).ShouldBe(Enumerable.Range(0, 500).Select(i => $"{i}"));
        await RunningWorker.WaitForAsync(() => _worker.Status("python") is { SlotsBusy: 0, SlotsReady: 4 }, "the pool at rest");
    }

    [Fact]
    public async Task Busy_programs_do_not_starve_the_stock_and_what_is_ready_gives_way_no_more()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        await StartAsync(options => options);
        using var stop = new CancellationTokenSource();
        var burners = Enumerable.Range(0, 2 * Environment.ProcessorCount)
            .Select(_ => _worker.Host.RunAsync(UntilStopped("bash", "while :; do :; done"), null, stop.Token)).ToList();
        await RunningWorker.WaitForAsync(() => _worker.Status("bash").SlotsBusy == burners.Count, "busy programs");

        for (var i = 0; i < 8; i++)
        {
            (await _worker.RunAsync("python", "print(1)")).Outcome.ShouldBe(Outcome.Succeeded);
        }

        await RunningWorker.WaitForAsync(() => _worker.Status("python") is { SlotsBusy: 0, SlotsReady: 4 }, "the stock, filled beside busy programs");
        // Those that are ending give way too, until they are gone.
        await RunningWorker.WaitForAsync(() => !AnyGivesWay(), "slots that give way to nobody");
        await stop.CancelAsync();
        (await Task.WhenAll(burners)).ShouldAllBe(report => report.Outcome == Outcome.Cancelled);
    }

    private static bool AnyGivesWay()
    {
        return CgroupDirectories.Below("/sys/fs/cgroup")
            .Where(slot => slot.Contains($"/sandcastle-{Environment.ProcessId}-", StringComparison.Ordinal) && slot.Contains("/slot-", StringComparison.Ordinal))
            .Any(slot => Read(slot + "/cpu.idle") == "1\n");

        static string Read(string file)
        {
            try
            {
                return File.ReadAllText(file);
            }
            catch (IOException)
            {
                return "";
            }
        }
    }

    [Fact]
    public async Task Full_worker_refuses_and_serves_again_when_a_slot_is_free()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        await StartAsync(options => options with { MaxSlots = 6 });
        using var stop = new CancellationTokenSource();
        var sleepers = Enumerable.Range(0, 4).Select(_ => _worker.Host.RunAsync(UntilStopped("python", "import time; time.sleep(600)"), null, stop.Token)).ToList();
        await RunningWorker.WaitForAsync(() => _worker.Status("python").SlotsBusy == 4, "busy slots");

        // Two slots are bash's, the other four are busy: none can be had by waiting a moment.
        var refused = await Should.ThrowAsync<RefusalException>(() => _worker.RunAsync("python", "print(1)"));
        refused.Refusal.Kind.ShouldBe(RefusalKind.NoCapacity);
        refused.Refusal.RetryAfter.ShouldNotBeNull();

        await stop.CancelAsync();
        (await Task.WhenAll(sleepers)).ShouldAllBe(report => report.Outcome == Outcome.Cancelled);
        (await _worker.RunAsync("python", "print(1)")).Outcome.ShouldBe(Outcome.Succeeded);
        await RunningWorker.WaitForAsync(() => _worker.Status("python") is { SlotsBusy: 0, SlotsReady: 4 }, "the stock, filled again");
    }

    [Fact]
    public async Task Cancelled_while_it_waits_leaves_the_line_and_no_receipt()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        await StartAsync(options => options);
        using var stop = new CancellationTokenSource();

        var runs = Enumerable.Range(0, 100).Select(_ => _worker.Host.RunAsync(RunningWorker.Order("python", "print(1)"), null, stop.Token)).ToList();
        await stop.CancelAsync();
        var ends = await Task.WhenAll(runs.Select(async run =>
        {
            try
            {
                return (Outcome?)(await run).Outcome;
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }));

        ends.ShouldContain((Outcome?)null);
        await RunningWorker.WaitForAsync(() => _worker.Status("python") is { SlotsBusy: 0, SlotsReady: 4 }, "the pool at rest");
    }

    [Fact]
    public async Task Zygote_of_many_forks_is_replaced_without_a_gap()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        await StartAsync(options => options with { ZygoteMaxForks = 20 });
        var first = Zygotes().Single();

        for (var i = 0; i < 60; i++)
        {
            (await _worker.RunAsync("python", "print(1)")).Outcome.ShouldBe(Outcome.Succeeded);
        }

        await RunningWorker.WaitForAsync(() => Zygotes() is [var one] && one != first, "one other zygote");
    }

    [Fact]
    public async Task Template_whose_module_is_missing_is_unavailable_and_says_which()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        _templates.Write("odd.yaml", "name: odd\nlanguage: python\npreload: [no_such_module]");
        await StartAsync(options => options);

        _worker.Status("odd").UnavailableReason.ShouldNotBeNull().ShouldContain("no_such_module");
        var refused = await Should.ThrowAsync<RefusalException>(() => _worker.RunAsync("odd", "print(1)"));
        refused.Refusal.Kind.ShouldBe(RefusalKind.TemplateUnavailable);
        refused.Refusal.Detail.ShouldContain("no_such_module");
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        _templates.Dispose();
    }

    private async Task StartAsync(Func<WorkerOptions, WorkerOptions> adjust)
    {
        await _worker.StartAsync(options => adjust(options with { TemplateDirectories = [_templates.Location] }));
        await RunningWorker.WaitForAsync(
            () => _worker.Host.Templates.All(t => !t.Available || t.SlotsReady == t.SlotsWanted), "ready slots");
    }

    /// <summary>However long that takes.</summary>
    private static RunOrder UntilStopped(string template, string code) =>
        RunningWorker.Order(template, code, order => order with { Limits = order.Limits with { Timeout = TimeSpan.FromMinutes(10) } });

    private List<int> Zygotes() => [.. ProcessTree.Read(_worker.StageDirectory).Where(p => p.IsZygote).Select(p => p.Pid)];
}
