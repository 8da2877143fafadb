using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Cgroups.Layout;

namespace Sandcastle.Worker.Tests.Cgroups;

public sealed class CgroupLayoutTests
{
    private const string NothingDisabled = """
        #subsys_name	hierarchy	num_cgroups	enabled
        cpu	1	1	1
        memory	4	15	1
        pids	8	1	1
        """;

    [Fact]
    public void Parse_of_a_hybrid_machine_finds_every_controller_and_the_unified_tree_beside_them()
    {
        var layout = CgroupLayout.Parse(
            """
            25 23 0:5 / /dev rw,relatime - devtmpfs devtmpfs rw
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
            35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
            39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
            40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
            """,
            """
            9:name=systemd:/
            8:pids:/
            4:memory:/boxes/118da745
            1:cpu:/
            0::/
            """,
            NothingDisabled);

        layout.Mode.ShouldBe(CgroupMode.Hybrid);
        layout.Hierarchies.Select(h => h.Name).ShouldBe(["cpu", "memory", "pids", "cgroup2"]);
        layout.LegacyOf("memory")!.OwnDirectory.ShouldBe("/sys/fs/cgroup/memory/boxes/118da745");
        layout.LegacyOf("pids")!.OwnDirectory.ShouldBe("/sys/fs/cgroup/pids");
        layout.LegacyOf("cpuacct").ShouldBeNull();
        layout.Unified!.OwnDirectory.ShouldBe("/sys/fs/cgroup/unified");
        layout.Disabled.ShouldBeEmpty();
    }

    [Fact]
    public void Parse_of_a_v1_machine_knows_controllers_that_share_a_mount_and_those_that_are_off()
    {
        var layout = CgroupLayout.Parse(
            """
            29 26 0:25 / /sys/fs/cgroup/systemd rw,nosuid shared:9 - cgroup cgroup rw,xattr,name=systemd
            33 26 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid,nodev,noexec,relatime shared:15 - cgroup cgroup rw,cpu,cpuacct
            36 26 0:32 / /sys/fs/cgroup/pids rw,nosuid shared:18 - cgroup cgroup rw,pids
            """,
            """
            7:cpu,cpuacct:/user.slice
            5:pids:/user.slice/user-1000.slice/session-2.scope
            1:name=systemd:/user.slice/user-1000.slice/session-2.scope
            """,
            "#subsys_name\thierarchy\tnum_cgroups\tenabled\nmemory\t0\t1\t0\ncpu\t7\t30\t1\n");

        layout.Mode.ShouldBe(CgroupMode.V1);
        layout.LegacyOf("cpu").ShouldBeSameAs(layout.LegacyOf("cpuacct"));
        layout.LegacyOf("cpu")!.OwnDirectory.ShouldBe("/sys/fs/cgroup/cpu,cpuacct/user.slice");
        layout.LegacyOf("memory").ShouldBeNull();
        layout.Disabled.ShouldBe(["memory"]);
    }

    [Fact]
    public void Parse_of_a_unified_machine_finds_this_process_in_its_session()
    {
        var layout = CgroupLayout.Parse(
            "26 23 0:24 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n",
            "0::/user.slice/user-1000.slice/user@1000.service/app.slice/term:1.scope\n",
            NothingDisabled);

        layout.Mode.ShouldBe(CgroupMode.V2);
        layout.Unified!.OwnDirectory.ShouldBe("/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/term:1.scope");
        layout.Unified.IsReadOnly.ShouldBeFalse();
        layout.LegacyOf("memory").ShouldBeNull();
    }

    [Theory]
    // Its own cgroup namespace: the container sees itself as the root, read-only unless it is trusted.
    [InlineData("612 611 0:26 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw", "0::/", "/sys/fs/cgroup", true)]
    // No cgroup namespace: the host's path, of which a part is mounted.
    [InlineData("612 611 0:26 /docker/1f /sys/fs/cgroup rw,nosuid - cgroup2 cgroup rw", "0::/docker/1f", "/sys/fs/cgroup", false)]
    [InlineData("612 611 0:26 /docker/1f /sys/fs/cgroup rw,nosuid - cgroup2 cgroup rw", "0::/docker/1f/a/b", "/sys/fs/cgroup/a/b", false)]
    // Beside what is mounted, above the namespace's root, or no longer there.
    [InlineData("612 611 0:26 /docker/1f /sys/fs/cgroup rw,nosuid - cgroup2 cgroup rw", "0::/docker/1f2", null, false)]
    [InlineData("612 611 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup rw", "0::/../other", null, false)]
    [InlineData("612 611 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup rw", "0::/gone (deleted)", null, false)]
    public void Parse_in_a_container_finds_what_is_visible(string mountinfo, string self, string? own, bool readOnly)
    {
        var unified = CgroupLayout.Parse(mountinfo, self, NothingDisabled).Unified.ShouldNotBeNull();
        unified.OwnDirectory.ShouldBe(own);
        unified.IsReadOnly.ShouldBe(readOnly);
    }

    [Fact]
    public void Parse_of_a_hierarchy_mounted_twice_takes_the_mount_that_can_be_written()
    {
        var layout = CgroupLayout.Parse(
            """
            50 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup rw
            51 1 0:26 / /mnt/cgroup ro - cgroup2 cgroup rw
            """,
            "0::/",
            NothingDisabled);

        layout.Hierarchies.ShouldHaveSingleItem().MountPoint.ShouldBe("/sys/fs/cgroup");
    }

    [Fact]
    public void Parse_without_cgroups_finds_none()
    {
        var layout = CgroupLayout.Parse("25 23 0:5 / /dev rw,relatime - devtmpfs devtmpfs rw", "", "");
        layout.Mode.ShouldBe(CgroupMode.None);
        layout.Unified.ShouldBeNull();
    }

    [Fact]
    public void Detect_reads_this_machine() => CgroupLayout.Detect().Hierarchies.ShouldAllBe(h => Directory.Exists(h.MountPoint));
}
