namespace Sandcastle.Cli.Processes;

/// <summary>Finds a program of ours: beside this one, else in PATH.</summary>
internal static class OwnProgram
{
    public static string? Find(string name) => Candidates(name).FirstOrDefault(File.Exists);

    /// <summary>This program may be a symbolic link: it is looked beside the link first, then beside what the link names.</summary>
    private static IEnumerable<string> Candidates(string name)
    {
        var called = Environment.GetCommandLineArgs()[0];
        string?[] own = [called.Contains('/', StringComparison.Ordinal) ? Path.GetDirectoryName(called) : null, AppContext.BaseDirectory];
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return own.OfType<string>().Concat(path).Select(directory => Path.GetFullPath(Path.Combine(directory, name)));
    }
}
