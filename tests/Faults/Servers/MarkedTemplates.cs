using System.Text.RegularExpressions;
using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.Faults.Servers;

/// <summary>The shipped templates, with the tree that counts how often a program began.</summary>
public sealed partial class MarkedTemplates : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandcastle-templates-");

    /// <param name="marks">Counts.</param>
    /// <param name="ready">How many ready slots a template shall have; what is not named has as many as it is shipped with.</param>
    public MarkedTemplates(Marks marks, IReadOnlyDictionary<string, int> ready)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "templates"), "*.yaml"))
        {
            var text = File.ReadAllText(file);
            if (ready.TryGetValue(Path.GetFileNameWithoutExtension(file), out var count))
            {
                text = Ready().Replace(text, $"ready: {count}");
            }

            File.WriteAllText(
                Path.Combine(Location, Path.GetFileName(file)), $"{text.TrimEnd()}\ntrees:\n  - source: {marks.Tree}\n    target: {Marks.Target}\n");
        }
    }

    public string Location => _directory.FullName;

    public void Dispose() => _directory.Delete(recursive: true);

    [GeneratedRegex("^ready:.*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ready();
}
