namespace Sandcastle.Manager.Admission;

/// <summary>Checks environment variables: names as POSIX wants them, sizes as execve(2) takes them.</summary>
internal static class EnvironmentAdmission
{
    private const int MostEntries = 512;
    private const int MostBytesOfAll = 256 << 10;
    private const int MostShown = 40;

    public static void Check(IReadOnlyDictionary<string, string>? env, FieldErrors errors, ContentBudget budget)
    {
        if (env is null)
        {
            return;
        }

        if (env.Count > MostEntries)
        {
            errors.Add("env", $"has {env.Count} entries; the maximum is {MostEntries}");
            return;
        }

        var total = 0;
        foreach (var (name, value) in env)
        {
            total += CheckEntry(name, value, errors, budget);
        }

        if (total > MostBytesOfAll)
        {
            errors.Add("env", $"holds {total} bytes; the maximum is {MostBytesOfAll}");
        }
    }

    private static int CheckEntry(string name, string? value, FieldErrors errors, ContentBudget budget)
    {
        var field = $"env.{(name.Length > MostShown ? name[..MostShown] + "…" : name)}";
        if (!IsName(name))
        {
            errors.Add(field, "is not a name: letters, digits and '_', and no digit first");
        }

        if (value is null)
        {
            errors.Add(field, "must be a string");
            return 0;
        }

        if (value.Contains('\0'))
        {
            errors.Add(field, "holds a NUL character");
        }

        var bytes = budget.Take(name) + 1 + budget.Take(value);
        if (bytes > ProgramAdmission.MostBytesOfOne)
        {
            errors.Add(field, $"has {bytes} bytes with its name; the maximum is {ProgramAdmission.MostBytesOfOne}");
        }

        return bytes;
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
