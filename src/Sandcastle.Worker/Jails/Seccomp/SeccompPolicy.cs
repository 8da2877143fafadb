using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>
/// Which system calls a guest may make, and why: the one source of all renderings. The form is described in
/// policy/seccomp/README.md. What no group names answers ENOSYS; calls of another architecture kill the process.
/// </summary>
internal sealed record SeccompPolicy
{
    internal required IReadOnlyList<SeccompGroup> Groups { get; init; }

    /// <summary>Reads every <c>*.yaml</c> in a directory, in the order of their names.</summary>
    /// <exception cref="SeccompPolicyException">Everything that is wrong with any of the files.</exception>
    internal static SeccompPolicy Load(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new SeccompPolicyException([$"{directory}: is no directory"]);
        }

        var errors = new List<TemplateError>();
        var groups = new List<SeccompGroup>();
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(directory, "*.yaml").Order(StringComparer.Ordinal))
        {
            foreach (var group in YamlFile.Text(file, errors) is { } text ? SeccompPolicyReader.Read(file, text, errors) : [])
            {
                NotePlaces(file, group, places, errors);
                groups.Add(group);
            }
        }

        if (groups.Count == 0)
        {
            errors.Add(new TemplateError(directory, 0, "", "has no group of rules"));
        }

        return errors.Count == 0
            ? new SeccompPolicy { Groups = groups }
            : throw new SeccompPolicyException([.. errors.Select(error => error.ToString())]);
    }

    /// <summary>What a call with these six arguments leads to.</summary>
    internal SeccompAction Evaluate(string call, ReadOnlySpan<ulong> arguments) =>
        Groups.FirstOrDefault(group => group.Calls.Contains(call))?.Verdict switch
        {
            SeccompDecision decision => decision.Evaluate(arguments),
            SeccompAction action => action,
            _ => SeccompAction.Default,
        };

    // A call in two groups would have two reasons, and perhaps two answers; a group's name is how errors and tests speak of it.
    private static void NotePlaces(string file, SeccompGroup group, Dictionary<string, string> places, List<TemplateError> errors)
    {
        var here = $"group '{group.Name}' of {Path.GetFileName(file)}";
        if (!places.TryAdd("group " + group.Name, here))
        {
            errors.Add(new TemplateError(file, 0, $"group '{group.Name}'", $"is also a {places["group " + group.Name]}"));
        }

        foreach (var call in group.Calls)
        {
            if (!places.TryAdd("call " + call, here))
            {
                errors.Add(new TemplateError(file, 0, $"group '{group.Name}'", $"'{call}' is in {places["call " + call]} already"));
            }
        }
    }
}
