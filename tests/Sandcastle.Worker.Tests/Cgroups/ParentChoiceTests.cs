using Sandcastle.Worker.Cgroups.Layout;

namespace Sandcastle.Worker.Tests.Cgroups;

/// <summary>Directories with a few files are all that the choice looks at.</summary>
public sealed class ParentChoiceTests : IDisposable
{
    private readonly string _mount = Directory.CreateTempSubdirectory("sandcastle-parents-").FullName;

    public void Dispose() => Directory.Delete(_mount, recursive: true);

    [Theory]
    [InlineData("/delegated/alice")]
    [InlineData("delegated/alice/")]
    [InlineData("{mount}/delegated/alice")]
    [InlineData("{other}/delegated/alice")]
    public void Of_a_named_root_is_the_same_cgroup_in_every_hierarchy(string root)
    {
        Cgroup("delegated/alice");
        root = root.Replace("{mount}", _mount, StringComparison.Ordinal).Replace("{other}", "/somewhere/pids", StringComparison.Ordinal);

        Choose(Legacy(own: _mount), root).Directory.ShouldBe(_mount + "/delegated/alice");
    }

    [Fact]
    public void Of_a_named_root_that_is_not_there_says_so()
    {
        var choice = Choose(Legacy(own: _mount), "/absent");
        choice.Directory.ShouldBeNull();
        choice.Reason.ShouldBe($"--cgroup-root: there is no {_mount}/absent");
    }

    [Fact]
    public void Of_a_read_only_mount_is_none() =>
        Choose(Legacy(own: _mount) with { IsReadOnly = true }, null).Reason.ShouldBe($"{_mount} is mounted read-only");

    [Fact]
    public void Of_v1_is_this_processs_own_cgroup()
    {
        var own = Cgroup("own", members: [1, Environment.ProcessId]);
        Choose(Legacy(own), null).ShouldBe(new ParentChoice(own, false, null));
    }

    [Fact]
    public void Of_v2_is_the_own_cgroup_when_it_was_made_for_this_process()
    {
        var own = Cgroup("service", members: [Environment.ProcessId]);
        Choose(Unified(own), null).ShouldBe(new ParentChoice(own, true, null));
    }

    [Fact]
    public void Of_v2_is_the_real_root_when_this_process_sits_there()
    {
        File.WriteAllText(_mount + "/cgroup.procs", $"1\n{Environment.ProcessId}\n");
        Choose(Unified(_mount), null).ShouldBe(new ParentChoice(_mount, false, null));
    }

    [Fact]
    public void Of_v2_in_company_is_the_root_for_root_and_none_for_others()
    {
        var own = Cgroup("session", members: [1, Environment.ProcessId]);
        var choice = Choose(Unified(own), null);

        if (Linux.Processes.OwnProcess.EffectiveUid == 0)
        {
            choice.ShouldBe(new ParentChoice(_mount, false, null));
        }
        else
        {
            choice.Reason!.ShouldContain("holds other processes too (1)");
        }
    }

    private ParentChoice Choose(CgroupHierarchy hierarchy, string? root)
    {
        var other = Legacy(null) with { MountPoint = "/somewhere/pids", Controllers = ["pids"] };
        CgroupHierarchy[] hierarchies = hierarchy.IsUnified ? [hierarchy] : [other, hierarchy];
        return ParentChoice.Of(hierarchy, new CgroupLayout { Hierarchies = hierarchies, Disabled = new HashSet<string>() }, root);
    }

    private CgroupHierarchy Legacy(string? own) => new()
    {
        IsUnified = false,
        Controllers = ["memory"],
        MountPoint = _mount,
        IsReadOnly = false,
        OwnDirectory = own,
    };

    private CgroupHierarchy Unified(string own) => Legacy(own) with { IsUnified = true, Controllers = [] };

    private string Cgroup(string path, int[]? members = null)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_mount, path)).FullName;
        File.WriteAllText(directory + "/cgroup.type", "domain\n");
        File.WriteAllLines(directory + "/cgroup.procs", (members ?? []).Select(pid => pid.ToString()));
        return directory;
    }
}
