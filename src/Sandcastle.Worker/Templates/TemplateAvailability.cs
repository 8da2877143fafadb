namespace Sandcastle.Worker.Templates;

/// <summary>Whether this machine has what a template names.</summary>
internal static class TemplateAvailability
{
    /// <summary>Null when it has; else the reason, as one sentence.</summary>
    internal static string? Reason(Template template, string? nsjail)
    {
        if (template.Profile != "fork")
        {
            return $"Profile {template.Profile} is not part of this release; profile fork is.";
        }

        if (template.Keep == KeepChoice.Nsjail && nsjail is null)
        {
            return "The template wants nsjail as its keep, and nsjail was found neither in SANDCASTLE_NSJAIL nor in PATH.";
        }

        var missing = Directories(template).FirstOrDefault(path => !Path.Exists(path));
        if (missing is not null)
        {
            return $"{missing} does not exist on this machine.";
        }

        var program = template.Language == TemplateLanguage.Command ? template.Command[0] : template.Interpreter;
        return template.Root is null && !IsThere(program) ? $"{program} is not installed on this machine." : null;
    }

    private static IEnumerable<string> Directories(Template template)
    {
        var named = template.Trees.Select(tree => tree.Source);
        return named.Concat(new[] { template.Root, template.Venv }.OfType<string>());
    }

    /// <summary>Only what is seen in a slot counts: <c>/usr</c>, the links into it, and the template's own trees.</summary>
    private static bool IsThere(string program) => File.Exists(program);
}
