using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Slots;

/// <summary>The environment of a program: ours, then the template's, then the run's; a later name takes the place of an earlier one.</summary>
internal static class SlotEnvironment
{
    /// <summary>The command line of an interpreter that boots in its slot.</summary>
    internal static IReadOnlyList<string> Boot(Template template) => template.Language == TemplateLanguage.Python
        ? [template.Interpreter, "-B", WireLimits.GuestDir + "/boot.py", .. template.Preload]
        : [template.Interpreter, WireLimits.GuestDir + "/runner.mjs", .. template.Preload];

    internal static List<string> Of(Template template, IReadOnlyDictionary<string, string>? run)
    {
        var path = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";
        var merged = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = template.Venv is null ? path : $"{template.Venv}/bin:{path}",
            ["HOME"] = WireLimits.Home,
            ["USER"] = "user",
            ["LANG"] = "C.UTF-8",
            ["TMPDIR"] = "/tmp",
        };
        foreach (var (name, value) in template.Env)
        {
            merged[name] = value;
        }

        foreach (var (name, value) in run ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            merged[name] = value;
        }

        return [.. merged.Select(e => $"{e.Key}={e.Value}")];
    }
}
