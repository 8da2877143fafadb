namespace Sandcastle.Manager.Admission;

/// <summary>Checks the globs of files to bring back.</summary>
internal static class CollectAdmission
{
    private const int MostPatterns = 64;

    public static void Check(IReadOnlyList<string>? patterns, FieldErrors errors)
    {
        if (patterns is null)
        {
            return;
        }

        if (patterns.Count > MostPatterns)
        {
            errors.Add("collect", $"has {patterns.Count} entries; the maximum is {MostPatterns}");
            return;
        }

        for (var i = 0; i < patterns.Count; i++)
        {
            if (SandboxPath.Fault(patterns[i]) is { } fault)
            {
                errors.Add($"collect[{i}]", fault);
            }
        }
    }
}
