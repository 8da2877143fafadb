using System.Text.Encodings.Web;
using System.Text.Json;
using Sandcastle.Linux.Mounts;
using Sandcastle.Protocol.Limits;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Staging;
using Sandcastle.Worker.Templates;
using Sandcastle.Worker.Walls;

namespace Sandcastle.Worker.Tests.Walls;

/// <summary>What nsjail and runsc are told. That they understand it is tried in LoneSlotTests.</summary>
public sealed class RenderingTests
{
    private const string Policy = "ALLOW {\nSYSCALL[0] /* read */\n}\nDEFAULT ERRNO(38)\n";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly IReadOnlyList<RootEntry> Entries =
    [
        new("/bin", "usr/bin", IsLink: true), new("/etc", "/run/sandcastle/0123/root/etc", IsLink: false), new("/usr", "/usr", IsLink: false),
        new("/opt/with \"quotes\"", "/srv/\\ and ü", IsLink: false),
    ];

    /// <summary>One of them below an entry.</summary>
    private static readonly IReadOnlyList<MountEntry> Mounts = MountTable.Parse(
        "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n22 21 8:2 / /usr rw - ext4 /dev/sda2 rw\n23 22 0:9 / /usr/share/more rw - tmpfs tmpfs rw\n");

    [Theory]
    [InlineData(false, "nsjail.cfg")]
    [InlineData(true, "nsjail-own-id.cfg")]
    public void Nsjail_configuration_is_the_one_that_was_agreed(bool ownId, string golden)
    {
        var config = new NsjailConfig(Entries, "/run/sandcastle/0123/guest", Policy, ["cmdline", "keys", "sys/kernel/random/boot_id"]);

        Golden.Compare($"walls/{golden}", config.Render(new IdRange(100_000, 65_536, ownId), 7, 256 << 20, 16_384, Mounts));
    }

    [Fact]
    public void Oci_configuration_is_the_one_that_was_agreed()
    {
        var config = OciBundle.Render(
            "/run/sandcastle/0123/skeleton", Entries, "/run/sandcastle/0123/guest", RunLimits.Default, RunLimits.Maximum, new IdRange(100_000, 65_536, OwnId: false), 7);

        Golden.Compare("walls/oci.json", config.ToJsonString(Indented) + "\n");
    }

    [Fact]
    public void Skeleton_root_has_links_and_places_and_nothing_else()
    {
        using var directory = new TemporaryDirectory();

        SkeletonRoot.Build(directory.Location, [new("/bin", "usr/bin", IsLink: true), new("/usr", "/usr", IsLink: false), new("/etc/hosts", "/etc/passwd", IsLink: false)]);

        new FileInfo(directory.PathTo("bin")).LinkTarget.ShouldBe("usr/bin");
        new FileInfo(directory.PathTo("etc/hosts")).Length.ShouldBe(0);
        Directory.EnumerateFileSystemEntries(directory.PathTo("usr")).ShouldBeEmpty();
        foreach (var place in (string[])["proc", "dev", "tmp", "var/tmp", "home/user", "run/sandcastle/guest", "run/sandcastle/slot"])
        {
            Directory.Exists(directory.PathTo(place)).ShouldBeTrue(place);
        }
    }

    [Fact]
    public void Root_entries_leave_out_what_a_slot_has_of_its_own()
    {
        using var directory = new TemporaryDirectory();
        foreach (var name in (string[])["etc", "usr", "proc", "dev", "tmp", "var/tmp", "var/lib/x", "home/user", "home/other", "run/sandcastle/guest", "run/x", "opt/tree"])
        {
            Directory.CreateDirectory(directory.PathTo(name));
        }

        directory.Write("file", "");
        File.CreateSymbolicLink(directory.PathTo("lib"), "usr/lib");
        var staged = new StagedTemplate(directory.Location, "/unused", [new TemplateTree("/usr", "/usr"), new TemplateTree("/srv/tree", "/opt/tree")]);

        var entries = RootEntries.Of(staged);

        entries.Select(entry => entry.Target).ShouldBe(
            ["/etc", "/file", "/home/other", "/lib", "/opt", "/run/x", "/var/lib", "/usr", "/opt/tree"]);
        entries.Single(entry => entry.IsLink).ShouldBe(new RootEntry("/lib", "usr/lib", IsLink: true));
        entries.Single(entry => entry.Target == "/var/lib").Source.ShouldBe(directory.PathTo("var/lib"));
        entries[^1].ShouldBe(new RootEntry("/opt/tree", "/srv/tree", IsLink: false));
    }
}
