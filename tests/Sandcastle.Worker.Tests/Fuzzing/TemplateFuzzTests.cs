using CsCheck;
using Fuzzing;
using Sandcastle.Protocol.Limits;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Tests.Fuzzing;

/// <summary>Whatever stands in a template file: it is a template within all limits, or errors that say where; never anything else.</summary>
public sealed class TemplateFuzzTests
{
    private const int Samples = 3000;

    private static readonly string[] Valid =
    [
        .. Directory.GetFiles(Repository.PathTo("templates"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText),
        """
        name: mine
        description: Mine
        language: python
        keep: builtin
        venv: /srv/venv
        trees: [{ source: /srv/data, target: /data }]
        preload: [json, os.path]
        env: { A: b }
        limits:
          default: { timeoutMs: 1500, memoryMiB: 64, cpus: 0.5, pids: 16, diskMiB: 32, diskInodes: 1000, outputKiB: 10, openFiles: 64 }
          maximum: { timeoutMs: 2000 }
        ready: 3
        """,
        "name: cmd\nlanguage: command\ncommand: [/bin/sh, -c, '{code}']\n",
    ];

    private static readonly string[] Tokens =
    [
        "&a", "*a", "<<: *a", "? [x]\n: y\n", "? {a: b}\n: c\n", "!!binary x", "!!int ''", "!tag ", "---\n", "...\n", "%YAML 1.2\n---\n", "%TAG ! x\n",
        "[[[[[[[[", "{{{{{{{{", "- - - - - ", "]", "}", "|\n  x", ">-\n\n", "\"\\uD800\"", "\"\\U00110000\"", "\"\\UFFFFFFFF\"", "\"\\0\"", "\"\\xZZ\"", "'", "\"",
        "\t", "\0", "\u0085", "\u2028", "\ufeff", "null", "~", "true", ".nan", ".inf", "-1", "99999999999999999999", "1e400", "0x10", "1_000", "name: x\n", ": ", "#", "@", "`",
        "/", "/..", "/a/../b", "/a:b", "/a,b", "\n", "\r", "\"a\\nb\"", "\"a\\0b\"",
    ];

    [Fact]
    public void Read_mutated_templates_are_templates_or_errors() => Property.Hold(Mutations.OfText(Valid, Tokens), Samples, text => { _ = Read(text); });

    [Fact]
    public void Read_any_text_is_a_template_or_errors() =>
        Property.Hold(Gen.OneOf(Gen.String[0, 200], Mutations.One(Tokens).Array[0, 30].Select(string.Concat)), Samples, text => { _ = Read(text); });

    [Theory]
    [InlineData("name: {0}", "[", 100_000)]
    [InlineData("name: {0}", "{{a: ", 100_000)]
    [InlineData("{0}", "- ", 100_000)]
    [InlineData("{0}", "? ", 100_000)]
    [InlineData("# {0}\nname: x", "x", 2_000_000)]
    [InlineData("{0}", "command: [a, \nb: c\n]d", 1)]
    [InlineData("{0}", "name: \"\\uD800\"", 1)]
    [InlineData("{0}", "name: \"\\UFFFFFFFF\"", 1)]
    public void Read_deep_or_long_text_is_refused(string text, string part, int times) =>
        Read(text.Replace("{0}", string.Concat(Enumerable.Repeat(part.Replace("{{", "{"), times)), StringComparison.Ordinal)).ShouldBeNull();

    [Theory]
    [InlineData("name: &a [*a]")]
    [InlineData("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n? *c\n: x")]
    [InlineData("a: *undefined")]
    public void Read_alias_is_refused_with_its_line(string text)
    {
        var errors = new List<TemplateError>();
        TemplateReader.Read("t.yaml", text, RunLimits.Default, RunLimits.Maximum, errors).ShouldBeNull();
        errors.ShouldContain(error => error.Line > 0 && error.Message.Contains("alias"));
    }

    [Theory]
    [InlineData("name: ''\nlanguage: python", "name")]
    [InlineData("name:\nlanguage: python", "name")]
    [InlineData("name: \"a\\n\"\nlanguage: python", "name")]
    [InlineData("name: a\nlanguage: python\npreload: [\"os\\n\"]", "preload")]
    [InlineData("name: a\nlanguage: python\nenv: {A: \"x\\0B=y\"}", "env")]
    [InlineData("name: a\nlanguage: python\nenv: {? [A] : x}", "env")]
    [InlineData("name: a\nlanguage: python\n? [A]\n: x", "")]
    [InlineData("name: a\nlanguage: python\ninterpreter: \"/a\\0b\"", "interpreter")]
    [InlineData("name: a\nlanguage: command\ncommand: [/bin/sh, \"a\\0b\", '{code}']", "command")]
    [InlineData("name: a\nlanguage: python\nroot: '/srv/a:b'", "root")]
    [InlineData("name: a\nlanguage: python\nvenv: '/srv/a,b'", "venv")]
    [InlineData("name: a\nlanguage: python\ntrees: [{source: /a, target: \"/a\\nb\"}]", "trees[0].target")]
    public void Read_what_the_jail_would_take_for_something_else_is_refused(string text, string field)
    {
        var errors = new List<TemplateError>();
        TemplateReader.Read("t.yaml", text, RunLimits.Default, RunLimits.Maximum, errors).ShouldBeNull();
        errors.ShouldHaveSingleItem().Field.ShouldBe(field);
    }

    [Fact]
    public void Load_file_that_cannot_be_read_is_an_error_of_that_file()
    {
        using var directory = new TemporaryDirectory();
        File.CreateSymbolicLink(directory.PathTo("gone.yaml"), directory.PathTo("nowhere"));

        Should.Throw<TemplateException>(() => TemplateCatalog.Load([directory.Location], RunLimits.Default, RunLimits.Maximum))
            .Errors.ShouldHaveSingleItem().File.ShouldEndWith("gone.yaml");
    }

    private static Template? Read(string text)
    {
        var errors = new List<TemplateError>();
        var template = TemplateReader.Read("t.yaml", text, RunLimits.Default, RunLimits.Maximum, errors);
        (template is null).ShouldBe(errors.Count > 0);
        errors.ShouldAllBe(error => error.File == "t.yaml" && error.Line >= 0 && error.Message.Length > 0);
        if (template is not null)
        {
            ShouldBeSound(template);
        }

        return template;
    }

    private static void ShouldBeSound(Template template)
    {
        template.Name.ShouldMatch(@"\A[a-z][a-z0-9-]{0,62}\z");
        template.Ready.ShouldBeInRange(0, 100_000);
        LimitsReader.Above(template.Defaults, template.Maximums).ShouldBeEmpty();
        template.Maximums.Cpus.ShouldBeInRange(0.01, 4096);
        template.Defaults.MemoryBytes.ShouldBePositive();
        string?[] mounts = [template.Root, template.Venv, .. template.Trees.SelectMany(tree => new[] { tree.Source, tree.Target })];
        foreach (var path in mounts.OfType<string>())
        {
            path.ShouldStartWith("/");
            path.Split('/').ShouldNotContain("..");
            path.IndexOfAny([':', ',', '\\', '\n', '\0']).ShouldBe(-1);
            System.Text.Encoding.UTF8.GetByteCount(path).ShouldBeLessThan(WireLimits.PathMax);
        }

        string[] texts = [template.Interpreter, .. template.Command, .. template.Preload, .. template.Env.Keys, .. template.Env.Values];
        texts.ShouldAllBe(text => !text.Contains('\0'));
    }
}
