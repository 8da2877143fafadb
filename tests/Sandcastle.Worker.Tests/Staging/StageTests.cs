using Sandcastle.Protocol.Limits;
using Sandcastle.Worker.Staging;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Tests.Staging;

public sealed class StageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Location => _directory.PathTo("stage");

    [Fact]
    public void Create_holds_what_guests_need_and_lets_everyone_pass()
    {
        Assert.SkipUnless(File.Exists(Repository.PathTo("artifacts", "native", "sandcastle-jail")), "the jail was not built: make native");

        using var stage = Create();

        Directory.GetFiles(stage.Guest).Select(Path.GetFileName)
            .ShouldBe(["boot.py", "forks.py", "libsandcastle_jail.so", "program.py", "runner.mjs", "sandcastle-jail", "warm.py", "zygote.py"], ignoreOrder: true);
        Mode(stage.Guest).ShouldBe("755");
        Mode(stage.JailProgram).ShouldBe("755");
        Mode(Path.Combine(stage.Guest, "zygote.py")).ShouldBe("644");
        Mode(Path.GetDirectoryName(stage.BrokerSocket)!).ShouldBe("700");
    }

    [Fact]
    public void Add_own_root_has_our_etc_and_only_what_everybody_may_read_of_the_hosts()
    {
        Assert.SkipUnless(File.Exists(Repository.PathTo("artifacts", "native", "sandcastle-jail")), "the jail was not built: make native");
        using var stage = Create();

        var staged = stage.Add(Template("a"));

        var etc = Path.Combine(staged.Root, "etc");
        File.ReadAllLines(Path.Combine(etc, "passwd")).Length.ShouldBe(3);
        File.ReadAllText(Path.Combine(etc, "resolv.conf")).ShouldBe("");
        File.Exists(Path.Combine(etc, "shadow")).ShouldBeFalse();
        Directory.Exists(Path.Combine(etc, "ssl", "private")).ShouldBeFalse();
        Directory.Exists(Path.Combine(staged.Root, "usr")).ShouldBeTrue();
        staged.Trees.ShouldContain(new TemplateTree("/usr", "/usr"));
        staged.Trees.ShouldNotContain(tree => tree.Source == "/" || tree.Source.StartsWith("/etc", StringComparison.Ordinal));
        if (new DirectoryInfo("/bin").LinkTarget is { } target)
        {
            new DirectoryInfo(Path.Combine(staged.Root, "bin")).LinkTarget.ShouldBe(target);
        }
    }

    [Fact]
    public void Add_named_root_and_venv_are_taken_as_they_are()
    {
        Assert.SkipUnless(File.Exists(Repository.PathTo("artifacts", "native", "sandcastle-jail")), "the jail was not built: make native");
        using var stage = Create();

        var staged = stage.Add(Template("a", "root: /srv/root\nvenv: /srv/venv\ntrees: [{source: /srv/models, target: /models}]"));

        staged.Root.ShouldBe("/srv/root");
        staged.Trees.ShouldBe([new("/srv/models", "/models"), new("/srv/venv", "/srv/venv")]);
    }

    [Fact]
    public void Sweep_removes_what_a_killed_worker_left_and_says_so()
    {
        Directory.CreateDirectory(Path.Combine(Location, "guest"));
        File.WriteAllText(Path.Combine(Location, "guest", "file"), "");

        Stage.Sweep(Location).ShouldBe([Location]);

        Directory.Exists(Location).ShouldBeFalse();
        Stage.Sweep(Location).ShouldBeEmpty();
    }

    [Fact]
    public void Create_where_something_is_already_is_refused()
    {
        Directory.CreateDirectory(Location);

        Should.Throw<IOException>(Create).Message.ShouldContain(Location);
    }

    public void Dispose() => _directory.Dispose();

    private static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);

    private Stage Create() => Stage.Create(Location, Repository.PathTo("artifacts", "native"), Repository.PathTo("guest"));

    private static Template Template(string name, string more = "")
    {
        using var templates = new TemporaryDirectory();
        templates.Write("t.yaml", $"name: {name}\nlanguage: python\n{more}");
        return TemplateCatalog.Load([templates.Location], RunLimits.Default, RunLimits.Maximum).Single();
    }
}
