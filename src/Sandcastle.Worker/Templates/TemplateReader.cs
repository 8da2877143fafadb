using System.Text.RegularExpressions;
using Sandcastle.Protocol.Limits;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sandcastle.Worker.Templates;

/// <summary>Reads one template file. Whether what it names is installed is another question: see <see cref="TemplateAvailability"/>.</summary>
internal static partial class TemplateReader
{
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
        if (Parse(file, text, errors) is not { } root)
        {
            return null;
        }

        var fields = new YamlFields(file, "", root, errors);
        var template = ReadFields(fields, defaults, maximums);
        fields.RefuseUnread();
        Check(fields, template);
        return errors.Count == before ? template : null;
    }

    private static YamlNode? Parse(string file, string text, List<TemplateError> errors)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 1)
            {
                return stream.Documents[0].RootNode;
            }

            errors.Add(new TemplateError(file, 0, "", $"has {stream.Documents.Count} documents; one is wanted"));
        }
        catch (YamlException exception)
        {
            errors.Add(new TemplateError(file, exception.Start.Line, "", exception.Message));
        }

        return null;
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
        CheckPath(fields, "source", tree.Source);
        CheckPath(fields, fields.Has("target") ? "target" : "source", tree.Target);
        fields.RefuseUnread();
        return tree;
    }

    private static void Check(YamlFields fields, Template template)
    {
        if (template.Name.Length > 0 && !Names().IsMatch(template.Name))
        {
            fields.Note("name", "must be lower-case letters, digits and dashes, begin with a letter, and have at most 63");
        }

        if (template.Profile != Profiles.Fork && fields.Has("keep"))
        {
            fields.Note("keep", $"means nothing for profile {template.Profile}");
        }

        CheckPath(fields, "root", template.Root);
        CheckPath(fields, "venv", template.Venv);
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
        else if (System.Text.Encoding.UTF8.GetByteCount(path) >= Jails.Wire.WireLimits.PathMax)
        {
            fields.Note(name, $"must have less than {Jails.Wire.WireLimits.PathMax} bytes");
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Names();

    [GeneratedRegex(@"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Modules();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variables();
}
