namespace Sandcastle.Worker.Tests;

internal sealed class TemporaryDirectory : IDisposable
{
    internal string Location { get; } = Directory.CreateTempSubdirectory("sandcastle-test-").FullName;

    internal string PathTo(string name) => Path.Combine(Location, name);

    internal string Write(string name, string text)
    {
        var path = PathTo(name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Location, recursive: true);
}
