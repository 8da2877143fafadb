using Sandcastle.Worker.Tests.Cgroups;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>A worker at rest holds what it held before. Alone, because descriptors are counted for the whole process.</summary>
[Collection(CgroupCollection.Name)]
public sealed class RestTests : IAsyncLifetime
{
    private readonly RunningWorker _worker = new();
    private readonly TemporaryDirectory _templates = new();

    public async ValueTask InitializeAsync()
    {
        if (RunningWorker.Missing is null)
        {
            _templates.Write("python.yaml", "name: python\nlanguage: python\nready: 4");
            _templates.Write("bash.yaml", "name: bash\nlanguage: command\ncommand: [/bin/bash, -c, '{code}', bash]\nready: 2");
            await _worker.StartAsync(options => options with { TemplateDirectories = [_templates.Location] });
        }
    }

    [Fact]
    public async Task Rest_after_many_runs_holds_no_more_descriptors_than_before()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        await RunManyAsync(20);
        var before = await DescriptorsAtRestAsync();

        await RunManyAsync(200);

        (await DescriptorsAtRestAsync()).ShouldBeLessThanOrEqualTo(before + 10);
    }

    /// <summary>
    /// The whole is the cgroup above all of those. Where this process is not in it, its memory is no part of the whole. A slot may come to hold a
    /// little more while it waits, and the kernel charges each processor's pages ahead.
    /// </summary>
    [Fact]
    public async Task Memory_at_rest_is_in_the_books()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var whole = WholeMemory();
        Assert.SkipWhen(whole is null, "no cgroup of this worker counts memory");
        await RunManyAsync(20);
        await DescriptorsAtRestAsync();

        var usage = _worker.Host.ReadUsage().ShouldNotBeNull();
        var memory = usage.Memory.ShouldNotBeNull();
        var seen = WholeMemory()!.Value;

        TestContext.Current.TestOutputHelper?.WriteLine($"{memory}, the whole {seen}");
        foreach (var part in new[] { memory.Daemon, memory.Keeps, memory.Zygotes, memory.Waiting })
        {
            part.ShouldBeGreaterThan(0);
        }

        ((double)(memory.Total - memory.Daemon)).ShouldBe(seen, (0.1 * seen) + (4 << 20));
        usage.MemoryByteSeconds.ShouldBeGreaterThan(0);
        var meter = _worker.Host.ReadMeter();
        meter.OverheadByteSeconds.ShouldBeInRange((long)usage.MemoryByteSeconds, (long)(meter.Elapsed.TotalSeconds * 2 * memory.Total));
        meter.Unaccounted.ShouldNotBeNull().TotalSeconds.ShouldBe(0, 0.02 * meter.Cpu!.Total.TotalSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        _templates.Dispose();
    }

    /// <summary>As its files have it, past the worker; null where there are none.</summary>
    private static long? WholeMemory()
    {
        var mount = Directory.Exists("/sys/fs/cgroup/memory") ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup";
        var directories = CgroupDirectories.Below(mount).Where(directory => Path.GetFileName(directory).StartsWith($"sandcastle-{Environment.ProcessId}-", StringComparison.Ordinal));
        foreach (var file in directories.SelectMany(directory => new[] { "memory.usage_in_bytes", "memory.current" }.Select(name => Path.Combine(directory, name))).Where(File.Exists))
        {
            return long.Parse(File.ReadAllText(file), System.Globalization.CultureInfo.InvariantCulture);
        }

        return null;
    }

    private Task RunManyAsync(int count) => Parallel.ForEachAsync(
        Enumerable.Range(0, count),
        new ParallelOptions { MaxDegreeOfParallelism = 8 },
        async (i, _) => await _worker.RunAsync(
            i % 2 == 0 ? "python" : "bash", i % 2 == 0 ? "print(1)" : "exit 1", order => order with { Stdin = new byte[i % 3 * 100_000], Collect = ["*"] }));

    private async Task<int> DescriptorsAtRestAsync()
    {
        await RunningWorker.WaitForAsync(() => _worker.Host.Templates.All(t => t is { SlotsBusy: 0 } && t.SlotsReady == t.SlotsWanted), "the pool at rest");
        var least = int.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            // What is being destroyed still counts for a moment, and other tests have descriptors too.
            least = Math.Min(least, Directory.GetFileSystemEntries("/proc/self/fd").Length);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return least;
    }
}
