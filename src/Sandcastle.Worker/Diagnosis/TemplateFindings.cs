using System.ComponentModel;
using Sandcastle.Worker.Jails.Processes;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Diagnosis;

/// <summary>What this machine has of what templates name: interpreters, directories, modules to preload.</summary>
internal static class TemplateFindings
{
    private const string Cost = "runs with it are refused";

    /// <summary>Prints the modules among its arguments that cannot be found.</summary>
    private const string Search = """
        import importlib.util, sys
        def there(name):
            try:
                return importlib.util.find_spec(name)
            except ImportError:
                return None
        print(*[name for name in sys.argv[1:] if not there(name)])
        """;

    internal static async Task<IReadOnlyList<Finding>> ExamineAsync(WorkerOptions options, CancellationToken cancellationToken)
    {
        IReadOnlyList<Template> templates;
        try
        {
            templates = TemplateCatalog.Load(options.TemplateDirectories, options.Defaults, options.Maximums);
        }
        catch (TemplateException e)
        {
            return [new Finding("templates", FindingState.Missing, e.Message, "the worker does not start")];
        }

        var findings = new List<Finding>();
        foreach (var template in templates)
        {
            var reason = TemplateAvailability.Reason(template, options) ?? await MissingModulesAsync(template, cancellationToken);
            findings.Add(reason is null
                ? new Finding($"template {template.Name}", FindingState.Found, template.Language == TemplateLanguage.Command ? template.Command[0] : template.Interpreter)
                : new Finding($"template {template.Name}", FindingState.Degraded, reason, Cost));
        }

        return findings;
    }

    /// <summary>Null where all are there, and where the interpreter lives in a root of its own, which is not looked into.</summary>
    private static async Task<string?> MissingModulesAsync(Template template, CancellationToken cancellationToken)
    {
        if (template.Language != TemplateLanguage.Python || template.Root is not null || template.Preload.Count == 0)
        {
            return null;
        }

        try
        {
            var search = await ChildProgram.RunAsync(
                template.Interpreter, ["-I", "-c", Search, .. template.Preload], ReadOnlyMemory<byte>.Empty, cancellationToken);
            var missing = System.Text.Encoding.UTF8.GetString(search.Output).Trim();
            return search.ExitCode != 0 ? $"{template.Interpreter} does not start: {search.Error.Trim()}"
                : missing.Length > 0 ? $"{template.Interpreter} has no module {missing.Replace(" ", ", ", StringComparison.Ordinal)}"
                : null;
        }
        catch (Win32Exception e)
        {
            return $"{template.Interpreter}: {e.Message}";
        }
    }
}
