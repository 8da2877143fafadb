using Sandcastle.Linux.Processes;

namespace Sandcastle.Worker.Templates;

/// <summary>Whether this machine has what a template names.</summary>
internal static class TemplateAvailability
{
    /// <summary>Null when it has; else the reason, as one sentence.</summary>
    internal static string? Reason(Template template, WorkerOptions options)
    {
        if (WallReason(template, options) is { } reason)
        {
            return reason;
        }

        var missing = Directories(template).FirstOrDefault(path => !Path.Exists(path));
        if (missing is not null)
        {
            return $"{missing} does not exist on this machine.";
        }

        var program = template.Language == TemplateLanguage.Command ? template.Command[0] : template.Interpreter;
        return template.Root is null && !IsThere(program) ? $"{program} is not installed on this machine." : null;
    }

    private static string? WallReason(Template template, WorkerOptions options) => template.Profile switch
    {
        Profiles.Fork when template.Keep == KeepChoice.Nsjail && options.Nsjail is null =>
            "The template wants nsjail as its keep, and nsjail was found neither in SANDCASTLE_NSJAIL nor in PATH.",
        Profiles.Fork when options.RequireKeep is { } required && required != KeepOf(template, options) =>
            $"Its keep is {KeepOf(template, options)}, and this worker requires {required}.",
        Profiles.Nsjail when options.Nsjail is null =>
            "Profile nsjail needs nsjail, which was found neither in SANDCASTLE_NSJAIL nor in PATH.",
        Profiles.Gvisor when options.Runsc is null =>
            "Profile gvisor needs gVisor's runsc, which was found neither in SANDCASTLE_RUNSC nor in PATH.",
        Profiles.Gvisor when OwnProcess.EffectiveUid != 0 => "Profile gvisor needs a worker that is root: runsc starts its containers as root.",
        _ => null,
    };

    /// <summary>What stands around the slots, in the receipt's words: a keep, or the program that walls each slot.</summary>
    internal static string KeepOf(Template template, WorkerOptions options) => template.Profile switch
    {
        Profiles.Nsjail => "nsjail",
        Profiles.Gvisor => "runsc",
        _ => NsjailFor(template, options) is null ? "builtin" : "nsjail",
    };

    /// <summary>The program that builds the keep of a template with profile fork; null: our own jail does.</summary>
    internal static string? NsjailFor(Template template, WorkerOptions options) => template.Keep == KeepChoice.Builtin ? null : options.Nsjail;

    private static IEnumerable<string> Directories(Template template)
    {
        var named = template.Trees.Select(tree => tree.Source);
        return named.Concat(new[] { template.Root, template.Venv }.OfType<string>());
    }

    /// <summary>Only what is seen in a slot counts: <c>/usr</c>, the links into it, and the template's own trees.</summary>
    private static bool IsThere(string program) => File.Exists(program);
}
