using System.Text.RegularExpressions;

namespace Sandcastle.Bench.Servers;

/// <summary>The shipped templates with another number of ready slots, another keep or profile, in a directory of their own.</summary>
internal sealed partial class TemplateDirectory : IDisposable
{
    /// <param name="change">Given a template's name, the lines to have instead of <c>ready</c>, <c>keep</c> and <c>profile</c>; null drops the template.</param>
    public TemplateDirectory(Func<string, string?> change)
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Templates, "*.yaml"))
        {
            if (change(System.IO.Path.GetFileNameWithoutExtension(file)) is { } lines)
            {
                var text = Replaced().Replace(File.ReadAllText(file), "");
                File.WriteAllText(System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)), $"{text.TrimEnd()}\n{lines}\n");
            }
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("sandcastle-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    [GeneratedRegex("^(ready|keep|profile):.*\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Replaced();
}
