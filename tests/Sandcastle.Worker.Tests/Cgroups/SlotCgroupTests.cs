using System.Diagnostics;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Errors;
using Sandcastle.Worker.Cgroups;

namespace Sandcastle.Worker.Tests.Cgroups;

/// <summary>What a slot's cgroup does, whatever hierarchies are behind it.</summary>
public abstract class SlotCgroupTests : IAsyncLifetime
{
    private const long MiB = 1 << 20;
    private static readonly SlotLimits Limits = new() { MemoryBytes = 64 * MiB, Pids = 16, Cpus = 1.0 };

    private readonly TestRoot _root;
    private readonly CgroupTree _tree;
    private readonly List<SlotCgroup> _slots = [];

    private protected SlotCgroupTests(TestRoot root, CgroupTree tree)
    {
        _root = root;
        _tree = tree;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var slot in _slots)
        {
            (await slot.DestroyAsync(TimeProvider.System, CancellationToken.None)).ShouldBeTrue(slot.Name);
        }

        _tree.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Join_counts_the_process_and_its_end()
    {
        var slot = Slot();
        slot.IsPopulated().ShouldBeFalse();
        slot.ReadPids().ShouldBe(0);
        using var inhabitant = Inhabitant.Enter(slot);

        slot.IsPopulated().ShouldBeTrue();
        slot.ReadPids().ShouldBe(1);
        inhabitant.WaitForExit().ShouldBe(0);

        slot.IsPopulated().ShouldBeFalse();
        slot.ReadPids().ShouldBe(0);
    }

    [Fact]
    public void Yield_gives_way_and_takes_that_back()
    {
        var slot = Slot();
        var file = slot.Directories.Select(directory => Path.Combine(directory, "cpu.idle")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(file is null, "this kernel has no cpu.idle");

        slot.Yield(yields: true);
        File.ReadAllText(file!).ShouldBe("1\n");
        slot.Yield(yields: false);
        File.ReadAllText(file!).ShouldBe("0\n");
    }

    [Fact]
    public void OpenProcs_moves_whoever_writes_to_it()
    {
        var slot = Slot();
        using var inhabitant = Inhabitant.Enter(Slot());
        foreach (var procs in slot.OpenProcs())
        {
            procs.Write(System.Text.Encoding.ASCII.GetBytes(inhabitant.Pid.ToString())).ShouldBePositive();
            procs.Dispose();
        }

        slot.ReadPids().ShouldBe(1);
        slot.IsPopulated().ShouldBeTrue();
    }

    [Fact]
    public void ReadCpu_is_what_the_scheduler_counted()
    {
        var slot = Slot();
        using var inhabitant = Inhabitant.Enter(slot);
        var (onCpu, reading) = (inhabitant.OnCpu(), slot.ReadCpu().ShouldNotBeNull());

        inhabitant.Ask("i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done").ShouldBe("done");

        var used = inhabitant.OnCpu() - onCpu;
        var counted = slot.ReadCpu().ShouldNotBeNull() - reading;
        used.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(20));
        counted.Total.ShouldBe(used, TimeSpan.FromMilliseconds(0.2));
        (counted.User + counted.System).ShouldBe(counted.Total, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void ReadCpu_of_the_tree_is_the_sum_of_its_slots()
    {
        var slots = new[] { Slot(), Slot() };
        foreach (var slot in slots)
        {
            using var inhabitant = Inhabitant.Enter(slot);
            inhabitant.Ask("i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; echo done");
            inhabitant.WaitForExit();
        }

        var sum = slots.Select(s => s.ReadCpu()!.Value.Total).Aggregate((a, b) => a + b);
        _tree.ReadCpu()!.Value.Total.ShouldBe(sum, TimeSpan.FromMilliseconds(0.1));
    }

    [Fact]
    public void Cpu_limit_slows_down()
    {
        var slot = Slot(Limits with { Cpus = 0.2 });
        using var inhabitant = Inhabitant.Enter(slot);
        var (reading, start) = (slot.ReadCpu()!.Value, Stopwatch.GetTimestamp());

        // Bounded in time, not in work: an emulated processor is many times slower.
        inhabitant.Ask("timeout 2 sh -c 'while :; do :; done'; echo done").ShouldBe("done");

        var wall = Stopwatch.GetElapsedTime(start);
        var cpu = (slot.ReadCpu()!.Value - reading).Total;
        // Of the first period and the last a whole quota may be used at once.
        (cpu / (wall + TimeSpan.FromMilliseconds(200))).ShouldBeLessThan(0.25, $"{cpu} of CPU in {wall}");
    }

    [Fact]
    public void Memory_limit_kills_and_is_counted()
    {
        var slot = Slot(Limits with { MemoryBytes = 16 * MiB });
        slot.ReadOomKills().ShouldBe(0);
        using var inhabitant = Inhabitant.Enter(slot);

        inhabitant.Ask("tail /dev/zero; echo $?").ShouldBe("137");

        slot.ReadOomKills().ShouldBe(1);
        slot.ReadPeak()!.Value.ShouldBeInRange(15 * MiB, 16 * MiB);
        inhabitant.Ask("echo alive").ShouldBe("alive");
    }

    [Fact]
    public void Peak_starts_anew_after_a_reset()
    {
        var slot = Slot();
        using var inhabitant = Inhabitant.Enter(slot);
        Hold(inhabitant, 30);
        slot.ReadPeak()!.Value.ShouldBeGreaterThan(29 * MiB);
        Assert.SkipUnless(_tree.Report.PeakSource is "memory.max_usage_in_bytes" or "memory.peak", "this kernel's peak cannot be reset");

        slot.ResetPeak();

        slot.ReadPeak()!.Value.ShouldBeLessThan(10 * MiB);
        Hold(inhabitant, 15);
        slot.ReadPeak()!.Value.ShouldBeInRange(15 * MiB, 25 * MiB);
        slot.ReadMemory()!.Value.ShouldBeLessThan(10 * MiB);
    }

    [Fact]
    public void Pids_limit_refuses_forks()
    {
        var slot = Slot(Limits with { Pids = 4 });
        using var inhabitant = Inhabitant.Enter(slot);

        // Three children beside the shell; the shell that cannot fork ends with an error of its own.
        inhabitant.Ask("for i in 1 2 3; do sleep 1000 > /dev/null & done; echo three").ShouldBe("three");
        slot.ReadPids().ShouldBe(4);
        inhabitant.Tell("sleep 1000 > /dev/null & echo four");
        inhabitant.Answer().ShouldBeNull();
    }

    [Fact]
    public void SetLimits_writes_what_changed_in_either_direction()
    {
        var slot = Slot(Limits);
        foreach (var bytes in new[] { 128 * MiB, 32 * MiB, 48 * MiB })
        {
            slot.SetLimits(Limits with { MemoryBytes = bytes, Pids = 9, Cpus = 0.5 });
            Written(slot, "memory.limit_in_bytes", "memory.max").ShouldBe(bytes.ToString());
        }

        Written(slot, "pids.max", "pids.max").ShouldBe("9");
        Written(slot, "cpu.cfs_quota_us", "cpu.max").ShouldBeOneOf("50000", "50000 100000");
        slot.Limits!.Pids.ShouldBe(9);
    }

    [Fact]
    public void SetLimits_raises_what_a_process_then_uses()
    {
        var slot = Slot(Limits with { MemoryBytes = 8 * MiB });
        slot.SetLimits(Limits with { MemoryBytes = 64 * MiB });
        using var inhabitant = Inhabitant.Enter(slot);
        Hold(inhabitant, 30);
        slot.ReadOomKills().ShouldBe(0);
    }

    [Fact]
    public void Kill_ends_everything_a_fork_bomb_too()
    {
        var slot = Slot();
        using var inhabitant = Inhabitant.Enter(slot);
        inhabitant.Ask("bomb() { bomb & bomb & while :; do :; done; }; bomb & echo started").ShouldBe("started");
        SpinWait.SpinUntil(() => slot.ReadPids() > 8, TimeSpan.FromSeconds(60)).ShouldBeTrue();

        slot.Kill();

        SpinWait.SpinUntil(() => !slot.IsPopulated(), TimeSpan.FromSeconds(60)).ShouldBeTrue();
        inhabitant.WaitForExit().ShouldBe(128 + 9);
    }

    [Fact]
    public void TryDestroy_waits_for_the_last_process()
    {
        var slot = _tree.CreateSlot("busy", Limits);
        using var inhabitant = Inhabitant.Enter(slot);
        slot.TryDestroy().ShouldBeFalse();
        inhabitant.WaitForExit();
        SpinWait.SpinUntil(slot.TryDestroy, TimeSpan.FromSeconds(60)).ShouldBeTrue();
        slot.Directories.ShouldAllBe(d => !Directory.Exists(d));
        slot.TryDestroy().ShouldBeTrue();
    }

    [Fact]
    public async Task DestroyAsync_ends_what_still_runs()
    {
        var slot = _tree.CreateSlot("running", Limits);
        using var inhabitant = Inhabitant.Enter(slot);
        (await slot.DestroyAsync(TimeProvider.System, Cancellation)).ShouldBeTrue();
        inhabitant.WaitForExit().ShouldBe(128 + 9);
        slot.Directories.ShouldAllBe(d => !Directory.Exists(d));
    }

    [Fact]
    public void Events_tell_a_reactor_when_the_last_process_has_ended()
    {
        var slot = Slot();
        using var events = slot.OpenEvents();
        Assert.SkipWhen(events is null, "no unified hierarchy");
        using var empty = new ManualResetEventSlim();
        using var reactor = new Reactor("cgroup-events", (_, _) => { });
        using var inhabitant = Inhabitant.Enter(slot);
        slot.IsPopulated().ShouldBeTrue();
        events.ReadToEnd(100, out _);
        using var registration = reactor.Register(events, EpollEvents.Priority | EpollEvents.EdgeTriggered, new Watcher(slot, empty));

        inhabitant.WaitForExit();

        empty.Wait(TimeSpan.FromSeconds(60), Cancellation).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("memory.max")]
    public void CreateSlot_refuses_what_is_no_name(string name) =>
        Should.Throw<ArgumentException>(() => _tree.CreateSlot(name, Limits));

    [Fact]
    public void CreateSlot_of_a_name_in_use_leaves_the_first_alone()
    {
        var slot = Slot();
        Should.Throw<LinuxException>(() => _tree.CreateSlot(slot.Name, Limits)).Errno.ShouldBe(Errno.EEXIST);
        slot.Directories.ShouldAllBe(d => Directory.Exists(d));
    }

    [Fact]
    public void Readings_allocate_nothing_once_open()
    {
        var slot = Slot();
        void ReadAll()
        {
            slot.ReadCpu();
            slot.ReadMemory();
            slot.ReadPeak();
            slot.ReadOomKills();
            slot.ReadPids();
        }

        for (var i = 0; i < 100; i++)
        {
            ReadAll();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            ReadAll();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private SlotCgroup Slot(SlotLimits? limits = null)
    {
        var slot = _tree.CreateSlot("slot-" + _slots.Count, limits ?? Limits);
        _slots.Add(slot);
        return slot;
    }

    /// <summary>Lets a process use so much memory and waits until it was reaped.</summary>
    private static void Hold(Inhabitant inhabitant, int mebibytes)
    {
        inhabitant.Ask($"head -c {mebibytes}M /dev/zero | tail -c {mebibytes}M | wc -c; echo reaped").ShouldBe((mebibytes * MiB).ToString());
        inhabitant.Answer().ShouldBe("reaped");
    }

    private static string Written(SlotCgroup slot, string v1File, string v2File) => slot.Directories
        .SelectMany(d => new[] { Path.Combine(d, v1File), Path.Combine(d, v2File) })
        .Where(File.Exists).Select(f => File.ReadAllText(f).Trim()).First();

    private sealed class Watcher(SlotCgroup slot, ManualResetEventSlim empty) : IReactorHandler
    {
        public void OnReady(EpollEvents events)
        {
            if (!slot.IsPopulated())
            {
                empty.Set();
            }
        }
    }
}
