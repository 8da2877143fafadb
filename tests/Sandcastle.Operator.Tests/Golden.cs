namespace Sandcastle.Operator.Tests;

/// <summary>Files that hold what a rendering was when somebody last read it.</summary>
internal static class Golden
{
    /// <param name="path">Below the repository's root.</param>
    /// <param name="text">What is rendered now.</param>
    internal static void Compare(string path, string text)
    {
        var golden = Repository.PathTo(path.Split('/'));
        if (Environment.GetEnvironmentVariable("SANDCASTLE_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(golden, text);
        }

        text.ShouldBe(File.ReadAllText(golden), $"{path}: run with SANDCASTLE_UPDATE_GOLDEN=1 and read the difference");
    }
}
