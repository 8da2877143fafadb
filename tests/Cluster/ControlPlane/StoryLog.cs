using System.Diagnostics;
using System.Globalization;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>What happened when, for people: artifacts/cluster/NAME.md, a table that grows line by line.</summary>
internal sealed class StoryLog
{
    private readonly string _file;
    private readonly long _begin = Stopwatch.GetTimestamp();

    internal StoryLog(string name)
    {
        _file = Path.Combine(Directory.CreateDirectory(Repository.PathTo("artifacts", "cluster")).FullName, $"{name}.md");
        File.WriteAllText(_file, "| after | what | seen |\n|---|---|---|\n");
    }

    internal void Write(string what, string seen)
    {
        var after = Stopwatch.GetElapsedTime(_begin).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        File.AppendAllText(_file, $"| {after} s | {what} | {seen} |\n");
    }
}
