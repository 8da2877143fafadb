using System.Text.RegularExpressions;
using Sandcastle.Protocol.Limits;

namespace Sandcastle.Worker.Templates;

/// <summary>Reads one template file. Whether what it names is installed is another question: see <see cref="TemplateAvailability"/>.</summary>
internal static partial class TemplateReader
{
    /// <summary>A keep takes 64, the host's own and the virtual environment among them.</summary>
    private const int MostTrees = 32;

    /// <summary>A quarter of a message, of which one may hold all three.</summary>
    private const int MostBytesOfTexts = Jails.Wire.WireLimits.MessageMax / 4;

    private static readonly Dictionary<string, TemplateLanguage> Languages = new(StringComparer.Ordinal)
    {
        ["python"] = TemplateLanguage.Python,
        ["node"] = TemplateLanguage.Node,
        ["command"] = TemplateLanguage.Command,
    };

    private static readonly Dictionary<string, string> ProfileNames =
        new[] { Profiles.Fork, Profiles.Nsjail, Profiles.Gvisor }.ToDictionary(name => name, StringComparer.Ordinal);

    private static readonly Dictionary<string, KeepChoice> Keeps = new(StringComparer.Ordinal)
    {
        ["auto"] = KeepChoice.Auto,
        ["nsjail"] = KeepChoice.Nsjail,
        ["builtin"] = KeepChoice.Builtin,
    };

    /// <summary>The template, or null when <paramref name="errors"/> grew.</summary>
    internal static Template? Read(string file, string text, RunLimits defaults, RunLimits maximums, List<TemplateError> errors)
    {
        var before = errors.Count;
        if (YamlFile.Parse(file, text, errors) is not { } root)
        {
            return null;
        }

        var fields = new YamlFields(file, "", root, errors);
        var template = ReadFields(fields, defaults, maximums);
        fields.RefuseUnread();
        Check(fields, template);
        return errors.Count == before ? template : null;
    }

    private static Template ReadFields(YamlFields fields, RunLimits defaults, RunLimits maximums)
    {
        var limits = fields.Section("limits");
        var maximum = LimitsReader.Read(limits.Section("maximum"), maximums);
        var byDefault = limits.Section("default");
        var standard = LimitsReader.Read(byDefault, defaults);
        foreach (var name in LimitsReader.Above(standard, maximum))
        {
            byDefault.Note(name, "is above the maximum");
        }

        limits.RefuseUnread();
        _ = fields.RequiredText("language");
        var language = fields.Choice("language", TemplateLanguage.Python, Languages);
        var venv = fields.OptionalText("venv");
        return new Template
        {
            Name = fields.RequiredText("name"),
            Description = fields.Text("description", ""),
            Language = language,
            Profile = fields.Choice("profile", Profiles.Fork, ProfileNames),
            Keep = fields.Choice("keep", KeepChoice.Auto, Keeps),
            Interpreter = fields.Text("interpreter", DefaultInterpreter(language, venv)),
            Root = fields.OptionalText("root"),
            Venv = venv,
            Trees = [.. fields.Sections("trees").Select(ReadTree)],
            Preload = fields.Texts("preload"),
            Command = fields.Texts("command"),
            Env = fields.TextMap("env"),
            Defaults = standard,
            Maximums = maximum,
            Ready = (int)fields.Whole("ready", 2, 0, 100_000),
        };
    }

    private static string DefaultInterpreter(TemplateLanguage language, string? venv) => language switch
    {
        TemplateLanguage.Python => venv is null ? "/usr/bin/python3" : venv.TrimEnd('/') + "/bin/python3",
        TemplateLanguage.Node => "/usr/bin/node",
        _ => "",
    };

    private static TemplateTree ReadTree(YamlFields fields)
    {
        var source = fields.RequiredText("source");
        var tree = new TemplateTree(source, fields.Text("target", source));
        CheckMount(fields, "source", tree.Source);
        CheckMount(fields, fields.Has("target") ? "target" : "source", tree.Target);
        fields.RefuseUnread();
        return tree;
    }

    private static void Check(YamlFields fields, Template template)
    {
        if (fields.Has("name") && !Names().IsMatch(template.Name))
        {
            fields.Note("name", "must be lower-case letters, digits and dashes, begin with a letter, and have at most 63");
        }

        if (template.Profile != Profiles.Fork && fields.Has("keep"))
        {
            fields.Note("keep", $"means nothing for profile {template.Profile}");
        }

        CheckMount(fields, "root", template.Root);
        CheckMount(fields, "venv", template.Venv);
        CheckTexts(fields, template);
        if (template.Trees.Count > MostTrees)
        {
            fields.Note("trees", $"has {template.Trees.Count} entries; the maximum is {MostTrees}");
        }

        if (template.Language == TemplateLanguage.Command)
        {
            CheckCommand(fields, template);
        }
        else
        {
            CheckPath(fields, "interpreter", template.Interpreter);
            RefuseOthers(fields, template.Language == TemplateLanguage.Python ? ["command"] : ["command", "preload", "venv"]);
        }

        foreach (var module in template.Preload.Where(module => !Modules().IsMatch(module)))
        {
            fields.Note("preload", $"'{module}' is no module name");
        }

        foreach (var name in template.Env.Keys.Where(name => !Variables().IsMatch(name)))
        {
            fields.Note("env", $"'{name}' is no name of an environment variable");
        }
    }

    private static void CheckCommand(YamlFields fields, Template template)
    {
        if (template.Command.Count == 0 || !template.Command[0].StartsWith('/'))
        {
            fields.Note("command", "must begin with the absolute path of a program");
        }

        if (template.Command.Count(argument => argument == Template.CodePlaceholder) != 1)
        {
            fields.Note("command", $"must have {Template.CodePlaceholder} as one argument, once");
        }

        RefuseOthers(fields, ["interpreter", "preload", "venv"]);
    }

    private static void RefuseOthers(YamlFields fields, string[] names)
    {
        foreach (var name in names.Where(fields.Has))
        {
            fields.Note(name, "means nothing for this language");
        }
    }

    /// <summary>What becomes an argument or a variable: C ends it at a NUL, and a message to the jail has an end.</summary>
    private static void CheckTexts(YamlFields fields, Template template)
    {
        (string Field, IEnumerable<string> Texts)[] all =
            [("command", template.Command), ("preload", template.Preload), ("env", template.Env.Select(pair => $"{pair.Key}={pair.Value}"))];
        foreach (var (field, texts) in all)
        {
            if (texts.Any(text => text.Contains('\0', StringComparison.Ordinal)))
            {
                fields.Note(field, "holds a NUL character");
            }

            var bytes = texts.Sum(text => System.Text.Encoding.UTF8.GetByteCount(text) + 1);
            if (bytes > MostBytesOfTexts)
            {
                fields.Note(field, $"has {bytes} bytes; the maximum is {MostBytesOfTexts}");
            }
        }
    }

    /// <summary>A path that the keep mounts: what nsjail and overlay would take for a separator is refused, as the keep itself does.</summary>
    private static void CheckMount(YamlFields fields, string name, string? path)
    {
        CheckPath(fields, name, path);
        if (path?.AsSpan().IndexOfAny(":,\\\n") >= 0)
        {
            fields.Note(name, "must not hold ':', ',', a backslash or a new line");
        }
    }

    private static void CheckPath(YamlFields fields, string name, string? path)
    {
        if (path is null)
        {
            return;
        }

        var parts = path.Split('/');
        if (!path.StartsWith('/') || path.Length < 2 || parts.Contains("..") || parts.Contains("."))
        {
            fields.Note(name, "must be an absolute path, not the host's root, without . and ..");
        }
        else if (path.Contains('\0', StringComparison.Ordinal))
        {
            fields.Note(name, "holds a NUL character");
        }
        else if (System.Text.Encoding.UTF8.GetByteCount(path) >= Jails.Wire.WireLimits.PathMax)
        {
            fields.Note(name, $"must have less than {Jails.Wire.WireLimits.PathMax} bytes");
        }
    }

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,62}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Names();

    [GeneratedRegex(@"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Modules();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variables();
}
