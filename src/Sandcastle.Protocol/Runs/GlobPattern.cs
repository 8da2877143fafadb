using System.IO.Enumeration;

namespace Sandcastle.Protocol.Runs;

/// <summary>
/// Globs over relative paths: <c>*</c> and <c>?</c> within a part, <c>**</c> for any number of parts; at the end, for everything below.
/// Patterns come from callers, so matching never takes more than parts of the pattern times parts of the path.
/// </summary>
public static class GlobPattern
{
    private const string AnyParts = "**";

    /// <summary>The path, whose parts are separated by <c>/</c>, is one of those that the pattern means.</summary>
    public static bool Matches(string pattern, string path)
    {
        var wanted = Split(pattern);
        var parts = path.Split('/');
        int at = 0, next = 0, retry = -1, retryAt = 0;
        while (at < parts.Length)
        {
            if (next < wanted.Length && wanted[next] == AnyParts)
            {
                (retry, retryAt) = (++next, at);
            }
            else if (next < wanted.Length && MatchesPart(wanted[next], parts[at]))
            {
                next++;
                at++;
            }
            else if (retry >= 0)
            {
                // The last ** takes one part more; an earlier one could only leave the later less to choose from.
                (next, at) = (retry, ++retryAt);
            }
            else
            {
                return false;
            }
        }

        return wanted.AsSpan(next).IndexOfAnyExcept(AnyParts) < 0;
    }

    /// <summary>Something below this directory may match.</summary>
    public static bool MayReach(string pattern, string directory)
    {
        var wanted = Split(pattern);
        var parts = directory.Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            if (i < wanted.Length && wanted[i] == AnyParts)
            {
                return true;
            }

            if (i >= wanted.Length || !MatchesPart(wanted[i], parts[i]))
            {
                return false;
            }
        }

        return wanted.Length > parts.Length;
    }

    private static string[] Split(string pattern)
    {
        var parts = pattern.Split('/');
        return parts[^1] == AnyParts ? [.. parts, "*"] : parts;
    }

    private static bool MatchesPart(string pattern, string part) => FileSystemName.MatchesSimpleExpression(pattern, part, ignoreCase: false);
}
