using System.IO.Enumeration;
using System.Text;
using Sandcastle.Cli.Tables;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Cli.Runs;

/// <summary>
/// Writes the files that a run brought back: those that were asked for, under the current directory and nowhere else. Program and server chose
/// the names, and are not to be trusted with them.
/// </summary>
internal static class Download
{
    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    /// <exception cref="UsageException">A file cannot be written, or would land elsewhere.</exception>
    public static void Write(IReadOnlyList<RunFileContent> files, IReadOnlyList<string> asked, string directory)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        foreach (var file in files)
        {
            var name = file.Path ?? "";
            var path = Target(name, root);
            if (WhyNot(name, asked) is { } reason)
            {
                Messages.Write(PlainText.Of($"--download: '{name}' is left out: {reason}"));
                continue;
            }

            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                Place(path, file.ContentBase64 is { } base64 ? Convert.FromBase64String(base64) : Encoding.UTF8.GetBytes(file.Content ?? ""));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                throw new UsageException($"--download: cannot write '{path}': {e.Message}");
            }
        }
    }

    /// <summary>No way up, no other root, and no way through what leads elsewhere.</summary>
    private static string Target(string name, string root)
    {
        var path = Path.GetFullPath(Path.Combine(root, name));
        if (!path.StartsWith(root == "/" ? root : root + "/", StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
        {
            throw new UsageException($"--download: the file '{name}' would land outside '{root}'");
        }

        for (var at = path; at.Length > root.Length; at = Path.GetDirectoryName(at)!)
        {
            if (new FileInfo(at).LinkTarget is not null)
            {
                throw new UsageException($"--download: '{name}' would be written through '{at}', a symbolic link, which may lead outside '{root}'");
            }
        }

        return path;
    }

    /// <summary>
    /// As in a shell no wildcard names what is hidden: a program that may write <c>.git/config</c> or <c>.envrc</c> because somebody wanted <c>**</c>
    /// has left its sandbox.
    /// </summary>
    private static string? WhyNot(string name, IReadOnlyList<string> asked)
    {
        var matching = asked.Where(pattern => GlobPattern.Matches(pattern, name)).ToList();
        var hidden = name.Split('/').Where(part => part.StartsWith('.')).ToList();
        return matching.Count == 0 ? "nobody asked for it"
            : !matching.Exists(pattern => hidden.TrueForAll(part => Names(pattern, part))) ? "a hidden name is written only where a pattern names it, as in '.config/*'"
            : null;
    }

    private static bool Names(string pattern, string hidden) =>
        pattern.Split('/').Any(part => part.StartsWith('.') && FileSystemName.MatchesSimpleExpression(part, hidden, ignoreCase: false));

    /// <summary>Beside it and then in its place: what stood there may be a pipe that nobody reads, or somebody's second name for another file.</summary>
    private static void Place(string path, byte[] content)
    {
        var fresh = Path.Combine(Path.GetDirectoryName(path)!, $".sandcastle-{Path.GetRandomFileName()}");
        try
        {
            using (var file = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(content);
            }

            if (File.Exists(path))
            {
                File.SetUnixFileMode(fresh, File.GetUnixFileMode(path) & Permissions);
            }

            File.Move(fresh, path, overwrite: true);
        }
        finally
        {
            File.Delete(fresh);
        }
    }
}
