namespace Sandcastle.Kubectl.Tests;

/// <summary>A directory that goes with its test.</summary>
internal sealed class TestDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandcastle-kubectl-");

    public string Root => _directory.FullName;

    /// <returns>The file's path.</returns>
    public string Write(string name, string text, bool executable = false)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (executable)
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
