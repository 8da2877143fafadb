using System.Globalization;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Tests.Cgroups;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>A process that the kernel does not let end, as happens on a machine that is too busy or to one that waits for a disk.</summary>
public sealed class FrozenSlotTests : IAsyncLifetime
{
    private const string Freezer = "/sys/fs/cgroup/freezer";

    private readonly RunningWorker _worker = new();
    private readonly TemporaryDirectory _templates = new();

    private static string? Missing => RunningWorker.Missing
        ?? (Directory.Exists(Freezer) ? null : "only the freezer of cgroup v1 keeps a process from ending, and this machine has none");

    public async ValueTask InitializeAsync()
    {
        if (Missing is null)
        {
            _templates.Write("bash.yaml", "name: bash\nlanguage: command\ncommand: [/bin/bash, -c, '{code}', bash]\nready: 1");
            await _worker.StartAsync(options => options with { TemplateDirectories = [_templates.Location] });
        }
    }

    [Fact]
    public async Task Slot_that_does_not_end_in_time_is_removed_when_it_does()
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        using var stop = new CancellationTokenSource();
        var order = RunningWorker.Order("bash", "exec sleep 1234", order => order with { Limits = order.Limits with { Timeout = TimeSpan.FromMinutes(10) } });
        var run = _worker.Host.RunAsync(order, null, stop.Token);
        await RunningWorker.WaitForAsync(() => Sleepers().Count == 1, "the program");
        var cgroups = CgroupsOf(Sleepers()[0]);
        cgroups.ShouldNotBeEmpty();

        using (Freeze(Sleepers()[0]))
        {
            await stop.CancelAsync();
            (await run).Outcome.ShouldBe(Outcome.Cancelled);
            await RunningWorker.WaitForAsync(() => _worker.Log.Any(line => line.Contains("is not gone yet", StringComparison.Ordinal)), "the complaint");
            cgroups.Any(Directory.Exists).ShouldBeTrue();
        }

        await RunningWorker.WaitForAsync(() => !cgroups.Any(Directory.Exists), "the slot's end");
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        _templates.Dispose();
    }

    private List<int> Sleepers() =>
        [.. ProcessTree.Read(_worker.StageDirectory).Where(p => p.Command.StartsWith("sleep 1234", StringComparison.Ordinal)).Select(p => p.Pid)];

    /// <summary>The slot's directory in every hierarchy.</summary>
    private static List<string> CgroupsOf(int pid)
    {
        var own = File.ReadAllLines($"/proc/{pid}/cgroup").Select(line => line.Split(':', 3)[2])
            .First(path => path.Contains("/slot-", StringComparison.Ordinal));
        var name = own[own.LastIndexOf("/sandcastle-", StringComparison.Ordinal)..];
        return [.. CgroupDirectories.Below("/sys/fs/cgroup").Where(path => path.EndsWith(name, StringComparison.Ordinal))];
    }

    private static Thaw Freeze(int pid)
    {
        var directory = Directory.CreateDirectory(Path.Combine(Freezer, $"sandcastle-test-{Environment.ProcessId}")).FullName;
        File.WriteAllText(Path.Combine(directory, "cgroup.procs"), pid.ToString(CultureInfo.InvariantCulture));
        File.WriteAllText(Path.Combine(directory, "freezer.state"), "FROZEN");
        return new Thaw(directory);
    }

    private sealed class Thaw(string directory) : IDisposable
    {
        public void Dispose()
        {
            File.WriteAllText(Path.Combine(directory, "freezer.state"), "THAWED");
            while (File.ReadAllText(Path.Combine(directory, "cgroup.procs")).Length > 0)
            {
                Thread.Yield();
            }

            Directory.Delete(directory);
        }
    }
}
