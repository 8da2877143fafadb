using System.Text.RegularExpressions;
using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.Conformance.Targets;

/// <summary>A SANDCASTLE_HOME of its own: this build's things, and of the templates only those that attacks are written for.</summary>
public sealed partial class TargetHome : IDisposable
{
    /// <summary>What attacks run in.</summary>
    public static readonly string[] Templates = ["python", "bash"];

    /// <summary>Slots that are kept ready where making one takes long.</summary>
    private static readonly Dictionary<string, int> Ready = new(StringComparer.Ordinal) { ["nsjail"] = 4, ["gvisor"] = 2 };

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandcastle-home-");

    /// <param name="profile">Of every template.</param>
    public TargetHome(string profile)
    {
        Profile = profile;
        foreach (var name in new[] { "artifacts", "guest", "policy" })
        {
            Directory.CreateSymbolicLink(System.IO.Path.Combine(Path, name), System.IO.Path.Combine(Repository.Root, name));
        }

        var templates = _directory.CreateSubdirectory("templates").FullName;
        foreach (var name in Templates.Select(name => name + ".yaml"))
        {
            var shipped = File.ReadAllText(System.IO.Path.Combine(Repository.Root, "templates", name));
            File.WriteAllText(System.IO.Path.Combine(templates, name), Adapt(shipped, profile));
        }
    }

    public string Profile { get; }

    public string Path => _directory.FullName;

    public void Dispose() => _directory.Delete(recursive: true);

    private static string Adapt(string template, string profile)
    {
        var text = ProfileLine().Replace(template, "").TrimEnd() + $"\nprofile: {profile}\n";
        return Ready.TryGetValue(profile, out var ready) ? ReadyLine().Replace(text, $"ready: {ready}") : text;
    }

    [GeneratedRegex("^profile:.*\n", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProfileLine();

    [GeneratedRegex("^ready:.*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReadyLine();
}
