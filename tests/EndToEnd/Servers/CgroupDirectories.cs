namespace Sandcastle.EndToEnd.Servers;

/// <summary>The control groups of this machine, in every hierarchy: of whoever works here, so that some go while we look.</summary>
public static class CgroupDirectories
{
    private const string Mount = "/sys/fs/cgroup";

    public static IReadOnlyList<string> All()
    {
        var found = new List<string>();
        if (Directory.Exists(Mount))
        {
            AddBelow(Mount, found);
        }

        return found;
    }

    /// <summary>One that goes fails to be read, and is none then; whoever asks for the whole tree at once is told of a failure in the middle of it.</summary>
    private static void AddBelow(string directory, List<string> found)
    {
        string[] below;
        try
        {
            below = Directory.GetDirectories(directory);
        }
        catch (Exception e) when (e is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return;
        }

        foreach (var child in below)
        {
            found.Add(child);
            AddBelow(child, found);
        }
    }
}
