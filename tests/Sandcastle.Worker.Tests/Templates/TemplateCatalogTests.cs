using Sandcastle.Protocol.Limits;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Tests.Templates;

public sealed class TemplateCatalogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Load_shipped_templates_are_valid()
    {
        var templates = TemplateCatalog.Load([Repository.PathTo("templates")], RunLimits.Default, RunLimits.Maximum);

        templates.Select(template => template.Name).ShouldBe(["bash", "node", "python", "python-data", "python-gvisor", "python-nsjail"]);
        templates.Single(template => template.Name == "python").Interpreter.ShouldBe("/usr/bin/python3");
        templates.Single(template => template.Name == "python").Ready.ShouldBe(48);
        templates.Single(template => template.Name == "python-data").Env["MPLBACKEND"].ShouldBe("Agg");
    }

    [Fact]
    public void Load_everything_set_is_read()
    {
        _directory.Write("mine.yaml", """
            name: mine
            description: Mine
            language: python
            profile: fork
            keep: builtin
            venv: /srv/venv
            trees:
              - source: /srv/models
              - { source: /srv/data, target: /data }
            preload: [json, os.path]
            env: { A: b }
            limits:
              default: { timeoutMs: 1500, memoryMiB: 64, cpus: 0.5, pids: 16, diskMiB: 32, diskInodes: 1000, outputKiB: 10, openFiles: 64 }
              maximum: { timeoutMs: 2000 }
            ready: 3
            """);

        var template = Load().ShouldHaveSingleItem();

        template.Interpreter.ShouldBe("/srv/venv/bin/python3");
        template.Keep.ShouldBe(KeepChoice.Builtin);
        template.Trees.ShouldBe([new("/srv/models", "/srv/models"), new("/srv/data", "/data")]);
        template.Preload.ShouldBe(["json", "os.path"]);
        template.Env.ShouldBe(new Dictionary<string, string> { ["A"] = "b" });
        template.Defaults.ShouldBe(new RunLimits
        {
            Timeout = TimeSpan.FromSeconds(1.5),
            MemoryBytes = 64 << 20,
            Cpus = 0.5,
            Pids = 16,
            DiskBytes = 32 << 20,
            DiskInodes = 1000,
            OutputBytes = 10 << 10,
            OpenFiles = 64,
        });
        template.Maximums.ShouldBe(RunLimits.Maximum with { Timeout = TimeSpan.FromSeconds(2) });
        template.Ready.ShouldBe(3);
    }

    [Fact]
    public void Load_many_errors_are_told_at_once_with_file_line_and_field()
    {
        var bad = _directory.Write("bad.yaml", """
            name: Bad Name
            language: ruby
            colour: red
            limits:
              default: { memoryMiB: -1, timeoutMs: 99999999 }
              maximum: { cpu: 1 }
            ready: many
            """);
        _directory.Write("torn.yaml", "name: [");

        var errors = Should.Throw<TemplateException>(Load).Errors;

        errors.Where(error => error.File == bad).Select(error => (error.Line, error.Field)).ShouldBe(
            [
                (1, "name"), (2, "language"), (3, "colour"), (5, "limits.default.memoryMiB"), (5, "limits.default.timeoutMs"),
                (6, "limits.maximum.cpu"), (7, "ready"),
            ],
            ignoreOrder: true,
            customMessage: string.Join('\n', errors));
        errors.ShouldContain(error => error.File.EndsWith("torn.yaml"));
    }

    [Theory]
    [InlineData("language: command", "command")]
    [InlineData("language: command\ncommand: [bash, -c, '{code}']", "command")]
    [InlineData("language: command\ncommand: [/bin/bash]", "command")]
    [InlineData("language: command\ncommand: [/bin/sh, '{code}']\npreload: [json]", "preload")]
    [InlineData("language: python\nroot: relative", "root")]
    [InlineData("language: python\nroot: /", "root")]
    [InlineData("language: python\ntrees: [{source: /a/../b}]", "trees[0].source")]
    [InlineData("language: python\npreload: ['os; x']", "preload")]
    [InlineData("language: python\nenv: {'A=B': c}", "env")]
    [InlineData("language: node\nvenv: /srv/venv", "venv")]
    [InlineData("language: python\nready: [1]", "ready")]
    public void Load_one_error_names_its_field(string text, string field)
    {
        _directory.Write("bad.yaml", "name: bad\n" + text);

        var errors = Should.Throw<TemplateException>(Load).Errors;

        errors.Select(error => error.Field).Distinct().ShouldBe([field], string.Join('\n', errors));
    }

    [Fact]
    public void Load_same_name_twice_is_refused_in_one_directory_and_replaced_by_a_later_one()
    {
        _directory.Write("a.yaml", "name: a\nlanguage: python\nready: 1");
        using var later = new TemporaryDirectory();
        later.Write("mine.yaml", "name: a\nlanguage: python\nready: 2");

        TemplateCatalog.Load([_directory.Location, later.Location], RunLimits.Default, RunLimits.Maximum)
            .ShouldHaveSingleItem().Ready.ShouldBe(2);

        _directory.Write("b.yaml", "name: a\nlanguage: node");
        Should.Throw<TemplateException>(Load).Errors.ShouldHaveSingleItem().Field.ShouldBe("name");
    }

    [Theory]
    [InlineData("language: python\nprofile: gvisor", "SANDCASTLE_RUNSC")]
    [InlineData("language: python\nprofile: nsjail", "SANDCASTLE_NSJAIL")]
    [InlineData("language: python\nkeep: nsjail", "nsjail")]
    [InlineData("language: python\ninterpreter: /usr/bin/python9", "/usr/bin/python9")]
    [InlineData("language: python\nvenv: /nowhere/venv", "/nowhere/venv")]
    public void Reason_of_what_is_not_here_names_it(string text, string named)
    {
        _directory.Write("t.yaml", "name: t\n" + text);

        TemplateAvailability.Reason(Load()[0], Bare).ShouldNotBeNull().ShouldContain(named);
    }

    [Fact]
    public void Keep_with_a_profile_that_has_none_is_refused()
    {
        _directory.Write("t.yaml", "name: t\nlanguage: python\nprofile: gvisor\nkeep: builtin");

        Should.Throw<TemplateException>(Load).Errors.ShouldHaveSingleItem().ToString().ShouldContain("keep: means nothing for profile gvisor");
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>A worker that has found neither nsjail nor runsc.</summary>
    private static WorkerOptions Bare => new()
    {
        DataDirectory = "",
        NativeDirectory = "",
        GuestDirectory = "",
        PolicyDirectory = "",
        TemplateDirectories = [],
        Nsjail = null,
        Runsc = null,
    };

    private IReadOnlyList<Template> Load() => TemplateCatalog.Load([_directory.Location], RunLimits.Default, RunLimits.Maximum);
}
