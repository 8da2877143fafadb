using System.Buffers.Text;
using System.Text;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Admission;

/// <summary>Checks and decodes the files that a request brings.</summary>
internal static class FileAdmission
{
    private const int MostFiles = 1000;

    public static IReadOnlyList<RunFile> Check(IReadOnlyList<RunFileContent>? files, FieldErrors errors, ContentBudget budget)
    {
        if (files is null or { Count: 0 })
        {
            return [];
        }

        if (files.Count > MostFiles)
        {
            errors.Add("files", $"has {files.Count} entries; the maximum is {MostFiles}");
            return [];
        }

        var decoded = new List<RunFile>(files.Count);
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i] is { } file)
            {
                decoded.Add(new RunFile(file.Path ?? "", CheckFile(file, $"files[{i}]", errors, budget)));
            }
            else
            {
                errors.Add($"files[{i}]", "must be an object");
            }
        }

        if (!errors.Any)
        {
            CheckTree(decoded, errors);
        }

        return decoded;
    }

    private static ReadOnlyMemory<byte> CheckFile(RunFileContent file, string field, FieldErrors errors, ContentBudget budget)
    {
        if (SandboxPath.Fault(file.Path) is { } fault)
        {
            errors.Add($"{field}.path", fault);
        }

        switch (file)
        {
            case { Content: { } text, ContentBase64: null }:
                budget.Take(text);
                return Encoding.UTF8.GetBytes(text);
            case { Content: null, ContentBase64: { } base64 }:
                return Decode(base64, $"{field}.contentBase64", errors, budget);
            case { Content: null, ContentBase64: null }:
                errors.Add($"{field}.content", "is missing: give either 'content' or 'contentBase64'");
                return default;
            default:
                errors.Add($"{field}.content", "cannot stand beside 'contentBase64': give one of the two");
                return default;
        }
    }

    private static ReadOnlyMemory<byte> Decode(string base64, string field, FieldErrors errors, ContentBudget budget)
    {
        if (!Base64.IsValid(base64, out var length))
        {
            errors.Add(field, "is not base64");
            return default;
        }

        budget.Take(length);
        return Convert.FromBase64String(base64);
    }

    /// <summary>
    /// No path twice, and none that is also the directory of another. Sorted part by part, what lies in a file follows it at once: looking
    /// up every directory of a thousand paths of two thousand parts would take seconds.
    /// </summary>
    private static void CheckTree(List<RunFile> files, FieldErrors errors)
    {
        var order = Enumerable.Range(0, files.Count).ToArray();
        Array.Sort(order, (a, b) => CompareParts(files[a].Path, files[b].Path) is var difference and not 0 ? difference : a - b);
        string? above = null;
        foreach (var i in order)
        {
            var path = files[i].Path;
            if (path == above)
            {
                errors.Add($"files[{i}].path", "is given twice");
            }
            else if (above is not null && path.StartsWith(above, StringComparison.Ordinal) && path[above.Length] == '/')
            {
                errors.Add($"files[{i}].path", $"lies in '{above}', which is a file of the same request");
            }
            else
            {
                above = path;
            }
        }
    }

    /// <summary>Ordinal, but that a '/' comes before every other character.</summary>
    private static int CompareParts(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        return Rank(left, common) - Rank(right, common);

        static int Rank(string text, int at) => at == text.Length ? -2 : text[at] == '/' ? -1 : text[at];
    }
}
