namespace Sandcastle.Worker.Tests.Cgroups;

/// <summary>The control groups of this machine, in every hierarchy: of whoever works here, so that some go while we look.</summary>
internal static class CgroupDirectories
{
    internal static IEnumerable<string> Below(string directory)
    {
        string[] below;
        try
        {
            below = Directory.GetDirectories(directory);
        }
        catch (Exception e) when (e is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // It went; whoever asks for the whole tree at once is told of a failure in the middle of it.
            return [];
        }

        return below.SelectMany(child => Below(child).Prepend(child));
    }
}
