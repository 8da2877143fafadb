using System.Text.Encodings.Web;
using System.Text.Json;
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

    [Theory]
    [InlineData(false, "nsjail.cfg")]
    [InlineData(true, "nsjail-own-id.cfg")]
    public void Nsjail_configuration_is_the_one_that_was_agreed(bool ownId, string golden)
    {
        var config = new NsjailConfig(Entries, "/run/sandcastle/0123/guest", Policy, ["cmdline", "keys"]);

        Golden.Compare($"walls/{golden}", config.Render(new IdRange(100_000, 65_536, ownId), 7, 256 << 20, 16_384));
    }

    [Fact]
    public void Oci_configuration_is_the_one_that_was_agreed()
    {
        var staged = new StagedTemplate("/run/sandcastle/0123/root", "/unused", [new("/usr", "/usr"), new("/srv/venv", "/opt/venv")]);

        var config = OciBundle.Render(staged, "/run/sandcastle/0123/guest", RunLimits.Default, RunLimits.Maximum);

        Golden.Compare("walls/oci.json", config.ToJsonString(Indented) + "\n");
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
