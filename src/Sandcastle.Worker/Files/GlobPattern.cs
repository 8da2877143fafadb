using System.IO.Enumeration;

namespace Sandcastle.Worker.Files;

/// <summary>Globs over relative paths: <c>*</c> and <c>?</c> within a part, <c>**</c> for any number of parts.</summary>
internal static class GlobPattern
{
    internal static bool Matches(string pattern, string path) => Matches(pattern.Split('/'), path.Split('/'), wholePattern: true);

    /// <summary>Something below this directory may match.</summary>
    internal static bool MayReach(string pattern, string directory) => Matches(pattern.Split('/'), directory.Split('/'), wholePattern: false);

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path, bool wholePattern)
    {
        if (path.IsEmpty)
        {
            return !wholePattern || pattern.IsEmpty;
        }

        if (pattern.IsEmpty)
        {
            return false;
        }

        if (pattern[0] == "**")
        {
            return Matches(pattern[1..], path, wholePattern) || Matches(pattern, path[1..], wholePattern);
        }

        return FileSystemName.MatchesSimpleExpression(pattern[0], path[0], ignoreCase: false)
            && Matches(pattern[1..], path[1..], wholePattern);
    }
}
