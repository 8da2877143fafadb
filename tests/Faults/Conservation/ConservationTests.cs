using System.Collections.Concurrent;
using System.Globalization;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Linux.Processes;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Faults.Conservation;

/// <summary>A whole daemon over many runs of all kinds: what its clients were told they used, and what it says of itself, is what its cgroup counted.</summary>
public sealed class ConservationTests
{
    private const int AtOnce = 8;

    private static readonly (string Template, string Code, LimitsRequest? Limits)[] Programs =
    [
        ("python", "print(1)", null),
        ("bash", "ls -R /usr/lib/python3 | sort | wc -l", null),
        ("python", """
            import os, time
            for i in range(3):
                if os.fork() == 0:
                    while time.process_time() < 0.02: pass
                    os._exit(0)
            os.wait()
            """, null),
        ("python", """
            import threading, time
            def burn():
                end = time.thread_time() + 0.01
                while time.thread_time() < end: pass
            threads = [threading.Thread(target=burn) for _ in range(3)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            """, null),
        ("python", """
            import os
            if os.fork() == 0:
                os.setsid()
                if os.fork() != 0: os._exit(0)
                while True: pass
            """, null),
        ("bash", "(while :; do :; done) & sleep 0.02", null),
        ("node", "let n = 0; for (let i = 0; i < 1e6; i++) n += i; console.log(n)", null),
        ("python", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", null),
        ("bash", "setsid sleep 30 & kill -SEGV $$", null),
        ("python", "while True: pass", new LimitsRequest { TimeoutMs = 100 }),
        ("python", "b = b'x' * (200 << 20)", new LimitsRequest { MemoryMiB = 48, DiskMiB = 8 }),
        ("bash", "yes", new LimitsRequest { OutputKiB = 8 }),
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Receipts_and_overhead_add_up_to_the_workers_cgroup_within_two_percent()
    {
        Assert.SkipUnless(OwnProcess.EffectiveUid == 0, "making jails for these tests needs root");
        await using var daemon = await Daemon.StartAsync();
        var templates = (await daemon.SettleAsync(Cancelled)).Where(t => t.Available).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        var programs = Programs.Where(program => templates.Contains(program.Template)).ToList();
        var before = await Books.ReadAsync(daemon, Cancelled);
        var outcomes = new ConcurrentDictionary<Outcome, int>();
        var charged = 0L;
        using var client = daemon.Connect();
        await Parallel.ForEachAsync(Enumerable.Range(0, FaultOptions.ConservationRuns), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancelled }, async (i, token) =>
        {
            var (template, code, limits) = programs[i % programs.Count];
            var answer = await client.RunAsync(new RunRequest { Template = template, Code = code, Limits = limits }, cancellationToken: token);
            outcomes.AddOrUpdate(answer.Outcome!.Value, 1, static (_, n) => n + 1);
            Interlocked.Add(ref charged, answer.Receipt!.CpuMicros);
        });
        var amid = await Books.ReadAsync(daemon, Cancelled);
        await daemon.SettleAsync(Cancelled);
        var after = await Books.ReadAsync(daemon, Cancelled);
        while (after.Open > 0)
        {
            await Task.Delay(300, Cancelled); // longer than one look of the metrics lasts
            after = await Books.ReadAsync(daemon, Cancelled);
        }

        FaultOptions.Publish("conservation", string.Create(
            CultureInfo.InvariantCulture,
            $"conservation: {FaultOptions.ConservationRuns} runs: {string.Join(", ", outcomes.OrderByDescending(o => o.Value).Select(o => $"{o.Value} {o.Key}"))}\nbefore: {before}\namid:   {amid}\nafter:  {after}"));

        // In microseconds, one by one, from the answers.
        (after.Receipts - before.Receipts).ShouldBe(charged / 1e6, 1e-6 * FaultOptions.ConservationRuns);
        // This process too is in the sum, with its own reading; it shall not widen the margin.
        var others = after.Worker - after.Overhead["daemon"];
        after.Missing.ShouldBe(0, 0.02 * others, after.ToString());
        after.Unaccounted.ShouldBeLessThan(0.02 * others, after.ToString());
        amid.Missing.ShouldBeLessThan(0.02 * others, amid.ToString());
        after.Overhead.Where(part => part.Key != "waiting").ShouldAllBe(part => part.Value > 0);
    }
}
