using System.Text;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Runs;

/// <summary>Writes the files that a run brought back, under the current directory and nowhere else.</summary>
internal static class Download
{
    /// <exception cref="UsageException">A file cannot be written.</exception>
    public static void Write(IReadOnlyList<RunFileContent> files, string directory)
    {
        foreach (var file in files)
        {
            var path = Target(file.Path ?? "", directory);
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, file.ContentBase64 is { } base64 ? Convert.FromBase64String(base64) : Encoding.UTF8.GetBytes(file.Content ?? ""));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UsageException($"--download: cannot write '{path}': {e.Message}");
            }
        }
    }

    /// <summary>The program chose the name, so it is not to be trusted: no way up, no other root.</summary>
    private static string Target(string name, string directory)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var path = Path.GetFullPath(Path.Combine(root, name));
        return path.StartsWith(root == "/" ? root : root + "/", StringComparison.Ordinal) && !name.Contains('\0', StringComparison.Ordinal)
            ? path
            : throw new UsageException($"--download: the file '{name}' would land outside '{root}'");
    }
}
