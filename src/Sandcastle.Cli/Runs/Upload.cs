using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Runs;

/// <summary>Files that a run brings: <c>SRC[:DST]</c>, where SRC is a file or a directory and DST a path under /home/user.</summary>
internal static class Upload
{
    private const string Flag = "--upload";

    /// <exception cref="UsageException">SRC cannot be read.</exception>
    public static IEnumerable<RunFileContent> Read(string argument)
    {
        var colon = File.Exists(argument) || Directory.Exists(argument) ? -1 : argument.LastIndexOf(':');
        var source = colon < 0 ? argument : argument[..colon];
        var target = colon < 0 ? "" : argument[(colon + 1)..];
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(source)));
        if (target.Length == 0 || (target.EndsWith('/') && File.Exists(source)))
        {
            target += name;
        }

        target = target.StartsWith("./", StringComparison.Ordinal) ? target[2..] : target.TrimEnd('/');
        return Directory.Exists(source) ? Tree(source, target) : [Of(source, target)];
    }

    private static IEnumerable<RunFileContent> Tree(string directory, string target) => Directory
        .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(path => Of(path, target is "." or "" ? Path.GetRelativePath(directory, path) : $"{target}/{Path.GetRelativePath(directory, path)}"));

    private static RunFileContent Of(string source, string target)
    {
        var bytes = ProgramText.ReadBytes(source, Flag);
        return ProgramText.TryDecode(bytes) is { } text
            ? new RunFileContent { Path = target, Content = text }
            : new RunFileContent { Path = target, ContentBase64 = Convert.ToBase64String(bytes) };
    }
}
