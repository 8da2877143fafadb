using Sandcastle.Linux.Mounts;

namespace Sandcastle.Linux.Tests.Mounts;

public sealed class MountTableTests
{
    [Fact]
    public void Parse_reads_every_field()
    {
        var entry = MountTable.Parse(
            "32 31 0:29 /docker/1f /sys/fs/cgroup/cpu,cpuacct ro,nosuid shared:9 master:3 - cgroup cgroup rw,cpu,cpuacct\n").ShouldHaveSingleItem();

        entry.Id.ShouldBe(32);
        entry.ParentId.ShouldBe(31);
        entry.Root.ShouldBe("/docker/1f");
        entry.MountPoint.ShouldBe("/sys/fs/cgroup/cpu,cpuacct");
        entry.FileSystem.ShouldBe("cgroup");
        entry.SuperOptions.ShouldBe(["rw", "cpu", "cpuacct"]);
        entry.IsReadOnly.ShouldBeTrue();
    }

    [Fact]
    public void Parse_resolves_octal_escapes() =>
        MountTable.Parse("1 0 0:1 / /mnt/a\\040b\\134\\303\\244 rw - tmpfs tmp\\011fs rw").Single()
            .ShouldSatisfyAllConditions(e => e.MountPoint.ShouldBe("/mnt/a b\\ä"), e => e.Source.ShouldBe("tmp\tfs"));

    [Fact]
    public void Parse_of_something_else_is_refused() =>
        Should.Throw<InvalidDataException>(() => MountTable.Parse("proc /proc proc rw 0 0"));

    [Fact]
    public void Read_finds_proc() => MountTable.Read().ShouldContain(e => e.MountPoint == "/proc" && e.FileSystem == "proc");

    [Fact]
    public void Detach_of_what_is_no_mount_says_so()
    {
        MountTable.Detach("/etc/passwd").ShouldBeFalse();
        MountTable.Detach("/nowhere").ShouldBeFalse();
    }
}
