using Sandcastle.Protocol.Limits;

namespace Sandcastle.Worker.Templates;

/// <summary>The template files of some directories. A name in a later directory takes the place of the same name in an earlier one.</summary>
public static class TemplateCatalog
{
    /// <param name="directories">Read for <c>*.yaml</c>; each must exist.</param>
    /// <param name="defaults">Where a template names no default limit.</param>
    /// <param name="maximums">Where a template names no maximum.</param>
    /// <returns>Templates by name, in that order.</returns>
    /// <exception cref="TemplateException">Everything that is wrong with any of the files.</exception>
    public static IReadOnlyList<Template> Load(IEnumerable<string> directories, RunLimits defaults, RunLimits maximums)
    {
        var errors = new List<TemplateError>();
        var templates = new SortedDictionary<string, Template>(StringComparer.Ordinal);
        foreach (var directory in directories)
        {
            foreach (var (name, template) in LoadDirectory(directory, defaults, maximums, errors))
            {
                templates[name] = template;
            }
        }

        return errors.Count == 0 ? [.. templates.Values] : throw new TemplateException(errors);
    }

    private static Dictionary<string, Template> LoadDirectory(
        string directory, RunLimits defaults, RunLimits maximums, List<TemplateError> errors)
    {
        var templates = new Dictionary<string, Template>(StringComparer.Ordinal);
        if (!Directory.Exists(directory))
        {
            errors.Add(new TemplateError(directory, 0, "", "is no directory"));
            return templates;
        }

        foreach (var file in Directory.EnumerateFiles(directory, "*.yaml").Order(StringComparer.Ordinal))
        {
            if (YamlFile.Text(file, errors) is { } text && TemplateReader.Read(file, text, defaults, maximums, errors) is { } template
                && !templates.TryAdd(template.Name, template))
            {
                errors.Add(new TemplateError(file, 0, "name", $"'{template.Name}' is another file's name already"));
            }
        }

        return templates;
    }
}
