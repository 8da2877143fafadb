namespace Sandcastle.Manager.Admission;

/// <summary>Checks the caller's own labels, which are kept in memory as long as the result is.</summary>
internal static class MetadataAdmission
{
    private const int MostEntries = 16;
    private const int MostBytesOfName = 64;
    private const int MostBytesOfValue = 1024;

    public static void Check(IReadOnlyDictionary<string, string>? metadata, FieldErrors errors, ContentBudget budget)
    {
        if (metadata is null)
        {
            return;
        }

        foreach (var (name, value) in metadata)
        {
            var bytesOfName = budget.Take(name);
            var field = $"metadata.{(bytesOfName > MostBytesOfName ? name[..Math.Min(name.Length, MostBytesOfName / 4)] + "…" : name)}";
            if (bytesOfName is 0 or > MostBytesOfName)
            {
                errors.Add(field, $"must have a name of 1 to {MostBytesOfName} bytes");
            }

            if (value is null)
            {
                errors.Add(field, "must be a string");
            }
            else if (budget.Take(value) > MostBytesOfValue)
            {
                errors.Add(field, $"has more than {MostBytesOfValue} bytes");
            }
        }

        if (metadata.Count > MostEntries)
        {
            errors.Add("metadata", $"has {metadata.Count} entries; the maximum is {MostEntries}");
        }
    }
}
