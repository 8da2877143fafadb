using System.Diagnostics;

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
        File.WriteAllText(executable ? path + ".text" : path, text);
        if (executable)
        {
            // Never open for writing in this process: one that another test starts would have the descriptor until it executes, and what is
            // open for writing is not executed.
            using var install = Process.Start("install", ["-m", "700", path + ".text", path]);
            install.WaitForExit();
            install.ExitCode.ShouldBe(0);
        }

        return path;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
