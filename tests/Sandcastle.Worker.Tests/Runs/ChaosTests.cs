using System.Text;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>Any process of the jail may be killed at any time: every run gets a typed end, the next one works, and nothing is left.</summary>
public sealed class ChaosTests : IAsyncLifetime
{
    private const string Sleep = "import time; print('up'); time.sleep(2); print('done')";

    /// <summary>For those that are killed at work: however long it takes to get there.</summary>
    private const string LongSleep = "import time; print('up'); time.sleep(600)";

    private readonly RunningWorker _worker = new();
    private readonly TemporaryDirectory _templates = new();

    public async ValueTask InitializeAsync()
    {
        if (RunningWorker.Missing is null)
        {
            _templates.Write("python.yaml", "name: python\nlanguage: python\nready: 6");
            _templates.Write("bash.yaml", "name: bash\nlanguage: command\ncommand: [/bin/bash, -c, '{code}', bash]\nready: 2");
            await _worker.StartAsync(options => options with { TemplateDirectories = [_templates.Location] });
        }
    }

    [Fact]
    public async Task Zygote_killed_in_the_middle_of_runs_takes_none_and_is_back()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var runs = await StartRunsAsync(5);
        var old = Processes().Single(p => p.IsZygote);

        old.Kill();
        await RunningWorker.WaitForAsync(() => Processes().Any(p => p.IsZygote && p.Pid != old.Pid), "a new zygote");

        foreach (var run in runs)
        {
            var report = await run;
            report.Outcome.ShouldBe(Outcome.Succeeded);
            Encoding.UTF8.GetString(report.Stdout.Span).ShouldBe("up\ndone\n");
            report.Receipt.CpuMicros.ShouldBeGreaterThan(0);
            report.Receipt.RusageCpuMicros.ShouldBeGreaterThan(0);
        }

        await NextRunsWorkAsync();
    }

    [Fact]
    public async Task Slot_init_killed_interrupts_its_run_alone()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var other = await StartRunsAsync(1);
        var before = Processes().Where(p => p.IsSlotInit).Select(p => p.Pid).ToHashSet();
        var bash = _worker.RunAsync("bash", "echo up; sleep 20", Patient);
        await RunningWorker.WaitForAsync(() => Processes().Any(p => p.Command.StartsWith("sleep 20", StringComparison.Ordinal)), "the program");
        var sleeper = Processes().Single(p => p.Command.StartsWith("sleep 20", StringComparison.Ordinal));
        var shell = Processes().Single(p => p.Pid == sleeper.Parent);

        Processes().Single(p => p.Pid == shell.Parent).Kill();

        var report = await bash;
        report.Outcome.ShouldBe(Outcome.Interrupted);
        Encoding.UTF8.GetString(report.Stdout.Span).ShouldBe("up\n");
        (await other[0]).Outcome.ShouldBe(Outcome.Succeeded);
        before.ShouldNotBeEmpty();
        await NextRunsWorkAsync();
    }

    [Fact]
    public async Task Every_slot_init_killed_interrupts_runs_and_ready_slots_are_replaced()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var runs = await StartRunsAsync(3, LongSleep);

        foreach (var init in Processes().Where(p => p.IsSlotInit).ToList())
        {
            init.Kill();
        }

        foreach (var run in runs)
        {
            (await run).Outcome.ShouldBe(Outcome.Interrupted);
        }

        await NextRunsWorkAsync();
    }

    [Fact]
    public async Task Keep_killed_interrupts_its_runs_and_is_built_anew()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var runs = await StartRunsAsync(3, LongSleep);
        var keeps = Processes().Where(p => p.IsKeep).ToList();

        keeps.ForEach(keep => keep.Kill());

        foreach (var run in runs)
        {
            (await run).Outcome.ShouldBe(Outcome.Interrupted);
        }

        await RunningWorker.WaitForAsync(() => Processes().Count(p => p.IsKeep && keeps.All(k => k.Pid != p.Pid)) == 2, "new keeps");
        await NextRunsWorkAsync();
    }

    [Fact]
    public async Task Broker_killed_leaves_keeps_alone_and_is_replaced_when_needed()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var runs = await StartRunsAsync(2);
        var zygote = Processes().Single(p => p.IsZygote).Pid;

        Processes().Single(p => p.IsBroker).Kill();

        foreach (var run in runs)
        {
            (await run).Outcome.ShouldBeOneOf(Outcome.Succeeded, Outcome.Interrupted);
        }

        await NextRunsWorkAsync();
        File.Exists($"/proc/{zygote}/status").ShouldBe(!Processes().Any(p => p.IsZygote && p.Pid != zygote));
    }

    [Fact]
    public async Task Broker_and_one_keep_killed_leave_the_other_keep_alone()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var zygote = Processes().Single(p => p.IsZygote);
        var other = Processes().Single(p => p.IsKeep && p.Pid != zygote.Parent);

        Processes().Single(p => p.IsBroker).Kill();
        // A signal is on its way when it has been sent.
        await RunningWorker.WaitForAsync(() => !Processes().Any(p => p.IsBroker), "the broker's end");
        ProcessTree.Kill(zygote.Parent);

        await RunningWorker.WaitForAsync(() => Processes().Any(p => p.IsZygote && p.Pid != zygote.Pid), "a new zygote");
        await NextRunsWorkAsync();
        File.Exists($"/proc/{other.Pid}/status").ShouldBeTrue();
    }

    [Fact]
    public async Task Everything_killed_at_random_for_a_while_answers_every_run()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var random = new Random(1);
        var runs = Enumerable.Range(0, 60).Select(async i =>
        {
            await Task.Delay(random.Next(3000), TestContext.Current.CancellationToken);
            try
            {
                return (await _worker.RunAsync(i % 2 == 0 ? "python" : "bash", i % 2 == 0 ? "import time; time.sleep(0.2)" : "sleep 0.2")).Outcome;
            }
            catch (Sandcastle.Protocol.Refusals.RefusalException)
            {
                return Outcome.Interrupted; // a typed answer, and nothing was started
            }
        }).ToList();
        for (var i = 0; i < 25; i++)
        {
            var processes = Processes().Where(p => p.Pids.Count > 1).ToList();
            if (processes.Count > 0)
            {
                processes[random.Next(processes.Count)].Kill();
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        (await Task.WhenAll(runs)).ShouldAllBe(outcome => outcome == Outcome.Succeeded || outcome == Outcome.Interrupted || outcome == Outcome.Signaled || outcome == Outcome.Failed);
        await NextRunsWorkAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        _templates.Dispose();
        if (RunningWorker.Missing is null)
        {
            Processes().ShouldBeEmpty();
            Directory.Exists(_worker.StageDirectory).ShouldBeFalse();
        }
    }

    private IReadOnlyList<ProcessTree.Entry> Processes() => ProcessTree.Read(_worker.StageDirectory);

    private static RunOrder Patient(RunOrder order) => order with { Limits = order.Limits with { Timeout = TimeSpan.FromMinutes(10) } };

    private async Task<List<Task<RunReport>>> StartRunsAsync(int count, string code = Sleep)
    {
        var outputs = Enumerable.Range(0, count).Select(_ => new FirstOutput()).ToList();
        var runs = outputs.Select(output => _worker.RunAsync("python", code, Patient, output)).ToList();
        await Task.WhenAll(outputs.Select(output => output.Seen));
        return runs;
    }

    private async Task NextRunsWorkAsync()
    {
        foreach (var (template, code) in new[] { ("python", "print(1)"), ("bash", "echo 1") })
        {
            await RunningWorker.WaitForAsync(() => _worker.Status(template) is { Available: true } status && status.SlotsReady >= status.SlotsWanted, "ready slots");
            var report = await _worker.RunAsync(template, code);
            report.Outcome.ShouldBe(Outcome.Succeeded);
        }
    }

    private sealed class FirstOutput : IRunOutput
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task;

        public void OnStarted()
        {
        }

        public void OnStdout(ReadOnlySpan<byte> bytes) => _seen.TrySetResult();

        public void OnStderr(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
