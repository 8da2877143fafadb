namespace Sandcastle.Link.Tests.Fakes;

/// <summary>A Secret's volume as a kubelet keeps it: files are links into <c>..data</c>, which is itself a link, and exchanged for another.</summary>
internal sealed class MountedSecret : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("sandcastle-volume-");
    private int _versions;

    public MountedSecret(string files)
    {
        Exchange(files);
        foreach (var file in Directory.EnumerateFiles(files).Select(file => System.IO.Path.GetFileName(file)!))
        {
            File.CreateSymbolicLink(System.IO.Path.Combine(Path, file), System.IO.Path.Combine("..data", file));
        }
    }

    public string Path => _root.FullName;

    /// <summary>What is in another directory is the Secret's content from now on.</summary>
    public void Exchange(string files)
    {
        var name = $"..version-{_versions++}";
        var version = _root.CreateSubdirectory(name).FullName;
        foreach (var file in Directory.EnumerateFiles(files))
        {
            File.Copy(file, System.IO.Path.Combine(version, System.IO.Path.GetFileName(file)));
            // Times are what a change is seen by; two that were written in one tick of the clock must differ.
            File.SetLastWriteTimeUtc(System.IO.Path.Combine(version, System.IO.Path.GetFileName(file)), TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(_versions));
        }

        var data = System.IO.Path.Combine(Path, "..data");
        if (_versions > 1)
        {
            Directory.Delete(data);
        }

        Directory.CreateSymbolicLink(data, name);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
