namespace Sandcastle.Cli.Processes;

/// <summary>Finds <c>sandcastled</c>: the variable SANDCASTLED, else beside this program, else in PATH.</summary>
internal static class DaemonProgram
{
    private const string Name = "sandcastled";
    private const string Variable = "SANDCASTLED";

    /// <exception cref="UsageException">It is nowhere.</exception>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return File.Exists(named)
                ? Path.GetFullPath(named)
                : throw new UsageException($"{Variable} names '{named}', which does not exist");
        }

        return Candidates().FirstOrDefault(File.Exists)
            ?? throw new UsageException(
                $"cannot find {Name}: it is neither beside this program nor in PATH. Set {Variable} to it, or name a server with --server");
    }

    /// <summary>This program may be a symbolic link: it is looked beside the link first, then beside what the link names.</summary>
    private static IEnumerable<string> Candidates()
    {
        var called = Environment.GetCommandLineArgs()[0];
        string?[] own = [called.Contains('/', StringComparison.Ordinal) ? Path.GetDirectoryName(called) : null, AppContext.BaseDirectory];
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return own.OfType<string>().Concat(path).Select(directory => Path.GetFullPath(Path.Combine(directory, Name)));
    }
}
