using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Cgroups.Layout;

namespace Sandcastle.Worker.Tests.Cgroups;

[Collection(CgroupCollection.Name)]
public sealed class CgroupTreeTests
{
    private static readonly SlotLimits Limits = new() { MemoryBytes = 64 << 20, Pids = 16, Cpus = 1.0 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Create_takes_few_hierarchies_and_Dispose_leaves_nothing()
    {
        using var root = TestRoot.Create();
        using var tree = root.CreateTree();
        var report = tree.Report;

        report.Mode.ShouldBe(CgroupLayout.Detect().Mode);
        report.Directories.ShouldAllBe(d => Directory.Exists(d) && d.EndsWith($"{root.Path}/{tree.Instance}", StringComparison.Ordinal));
        report.CpuSource.ShouldNotBeNull();
        report.KillMethod.ShouldNotBeNull();
        report.Directories.Count.ShouldBe(report.Mode switch
        {
            CgroupMode.V2 => 1,
            // memory, pids, cpu, and the unified tree that makes cpuacct and the freezer unneeded.
            CgroupMode.Hybrid => 4,
            _ => report.Directories.Count,
        });

        tree.Dispose();

        report.Directories.ShouldAllBe(d => !Directory.Exists(d));
    }

    [Fact]
    public void Create_without_a_named_root_finds_a_place_or_says_why_not()
    {
        using (TestRoot.Create())
        {
        }

        using var tree = CgroupTree.Create(new CgroupOptions());
        tree.Report.Unenforced.ShouldAllBe(u => u.Reason.Length > 0);
        tree.Report.Directories.ShouldAllBe(d => Directory.Exists(d));
    }

    [Fact]
    public void Create_below_a_root_that_is_not_there_enforces_nothing_and_says_why()
    {
        using var tree = CgroupTree.Create(new CgroupOptions { Root = "/there/is/no/such/cgroup" });

        tree.Report.Unenforced.Select(u => u.Limit).ShouldBe(["memory", "pids", "cpu"]);
        tree.Report.Unenforced.ShouldAllBe(u => u.Reason.Contains("/there/is/no/such/cgroup", StringComparison.Ordinal));
        var slot = tree.CreateSlot("nowhere", Limits);
        slot.OpenProcs().ShouldBeEmpty();
        slot.ReadCpu().ShouldBeNull();
        slot.ReadPeak().ShouldBeNull();
        slot.Kill();
        slot.TryDestroy().ShouldBeTrue();
    }

    [Fact]
    public void Create_including_this_process_counts_it_and_Dispose_takes_it_back()
    {
        using var root = TestRoot.Create();
        var before = File.ReadAllText("/proc/self/cgroup");
        using (var tree = root.CreateTree(includeOwnProcess: true))
        {
            File.ReadAllText("/proc/self/cgroup").ShouldContain($"{tree.Instance}/daemon");
            using var slot = tree.CreateSlot("beside", Limits);
            // What runs is charged at the scheduler's next tick.
            SpinWait.SpinUntil(() => tree.ReadCpu()!.Value.Total > TimeSpan.Zero, TimeSpan.FromSeconds(60)).ShouldBeTrue();
            slot.ReadCpu()!.Value.Total.ShouldBe(TimeSpan.Zero);
            slot.TryDestroy().ShouldBeTrue();
        }

        File.ReadAllText("/proc/self/cgroup").ShouldBe(before);
    }

    [Fact]
    public void Create_alone_in_a_delegated_v2_cgroup_moves_into_a_leaf_and_back()
    {
        using var root = TestRoot.Create();
        var found = CgroupLayout.Detect();
        Assert.SkipUnless(found.Mode == CgroupMode.V2, "only v2 forbids a cgroup with members to hand controllers down");
        var parent = found.Unified!.MountPoint + root.Path;
        var service = parent + "/service";
        Directory.CreateDirectory(service);
        foreach (var controller in new[] { "memory", "pids", "cpu" })
        {
            File.WriteAllText(parent + "/cgroup.subtree_control", "+" + controller);
        }

        Enter(service);
        try
        {
            using (var tree = CgroupTree.Create(new CgroupOptions()))
            {
                tree.Report.Unenforced.ShouldBeEmpty();
                tree.Report.Directories.ShouldHaveSingleItem().ShouldBe($"{service}/{tree.Instance}");
                File.ReadAllText("/proc/self/cgroup").ShouldContain($"{tree.Instance}/daemon");
                tree.CreateSlot("slot", Limits).TryDestroy().ShouldBeTrue();
            }

            File.ReadAllText("/proc/self/cgroup").Trim().ShouldEndWith("/service");
            Directory.GetDirectories(service).ShouldBeEmpty();
        }
        finally
        {
            Enter(found.Unified.OwnDirectory!);
            Directory.Delete(service);
        }
    }

    [Fact]
    public async Task SweepAsync_ends_and_reports_what_a_dead_worker_left()
    {
        using var root = TestRoot.Create();
        using var tree = root.CreateTree();
        // A tree that is disposed of while slots live is what a killed worker leaves: directories, and a lock that is free.
        var dead = root.CreateTree();
        using var inhabitant = Inhabitant.Enter(dead.CreateSlot("run-1", Limits));
        inhabitant.Ask("i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; echo done");
        dead.CreateSlot("idle-1", Limits);
        dead.Dispose();

        var swept = await tree.SweepAsync(TimeProvider.System, Cancellation);

        swept.ShouldAllBe(s => s.Instance == dead.Instance && s.Removed);
        swept.Select(s => s.Name).Order().ShouldBe(["idle-1", "run-1"]);
        var run = swept.Single(s => s.Name == "run-1");
        run.Cpu!.Value.Total.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(5));
        run.PeakBytes!.Value.ShouldBePositive();
        run.OomKills.ShouldBe(0);
        inhabitant.WaitForExit().ShouldBe(128 + 9);
        dead.Report.Directories.ShouldAllBe(d => !Directory.Exists(d));
        (await tree.SweepAsync(TimeProvider.System, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task SweepAsync_leaves_a_living_workers_slots_alone()
    {
        using var root = TestRoot.Create();
        using var tree = root.CreateTree();
        using var living = root.CreateTree();
        var slot = living.CreateSlot("run-1", Limits);
        using var inhabitant = Inhabitant.Enter(slot);

        (await tree.SweepAsync(TimeProvider.System, Cancellation)).ShouldBeEmpty();

        inhabitant.Ask("echo alive").ShouldBe("alive");
        await slot.DestroyAsync(TimeProvider.System, Cancellation);
    }

    [Fact]
    public async Task SweepAsync_takes_what_was_made_in_some_hierarchies_only()
    {
        using var root = TestRoot.Create();
        using var tree = root.CreateTree();
        var half = Path.Combine(Path.GetDirectoryName(tree.Report.Directories[^1])!, "sandcastle-1-0000000000ab");
        Directory.CreateDirectory(half + "/run-1");

        var swept = (await tree.SweepAsync(TimeProvider.System, Cancellation)).ShouldHaveSingleItem();

        swept.Removed.ShouldBeTrue();
        Directory.Exists(half).ShouldBeFalse();
    }

    [Theory]
    [InlineData("sandcastle-test-30287")]
    [InlineData("sandcastle-1-0123456789AB")]
    [InlineData("sandcastle-1-0123456789abc")]
    [InlineData("sandcastle-pool")]
    public async Task SweepAsync_leaves_alone_what_only_looks_like_a_workers(string name)
    {
        using var root = TestRoot.Create();
        using var tree = root.CreateTree();
        var foreign = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(tree.Report.Directories[^1])!, name, "child")).FullName;

        (await tree.SweepAsync(TimeProvider.System, Cancellation)).ShouldBeEmpty();

        Directory.Exists(foreign).ShouldBeTrue();
        Directory.Delete(foreign);
        Directory.Delete(Path.GetDirectoryName(foreign)!);
    }

    [Fact]
    public async Task SweepAsync_spares_the_cgroup_that_this_process_was_started_in()
    {
        using var root = TestRoot.Create();
        var homes = CgroupLayout.Detect().Hierarchies.Where(h => h.OwnDirectory is not null && IsOfUse(h)).ToList();
        var cradles = homes.ConvertAll(h => Directory.CreateDirectory($"{h.MountPoint}{root.Path}/sandcastle-1-0000000000cd/leaf").FullName);
        try
        {
            cradles.ForEach(Enter);
            using var tree = root.CreateTree();
            (await tree.SweepAsync(TimeProvider.System, Cancellation)).ShouldBeEmpty();
        }
        finally
        {
            homes.ForEach(h => Enter(h.OwnDirectory!));
            cradles.ForEach(Directory.Delete);
            cradles.ForEach(c => Directory.Delete(Path.GetDirectoryName(c)!));
        }
    }

    private static bool IsOfUse(CgroupHierarchy hierarchy) =>
        hierarchy.IsUnified || hierarchy.Controllers.Any(c => c is "memory" or "pids" or "cpu");

    private static void Enter(string cgroup) => File.WriteAllText(cgroup + "/cgroup.procs", Environment.ProcessId.ToString());
}
