namespace Sandcastle.Worker.Tests;

/// <summary>Files of tests/golden: what a rendering was when somebody last read it.</summary>
internal static class Golden
{
    /// <param name="path">Below tests/golden.</param>
    /// <param name="text">What is rendered now.</param>
    internal static void Compare(string path, string text) => CompareFile(Repository.PathTo(["tests", "golden", .. path.Split('/')]), text);

    /// <summary>As the other, for a file that is shipped from where it is.</summary>
    internal static void CompareFile(string golden, string text)
    {
        if (Environment.GetEnvironmentVariable("SANDCASTLE_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(golden, text);
        }

        text.ShouldBe(File.ReadAllText(golden), $"{golden}: run with SANDCASTLE_UPDATE_GOLDEN=1 and read the difference");
    }
}
