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

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        _templates.Dispose();
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
