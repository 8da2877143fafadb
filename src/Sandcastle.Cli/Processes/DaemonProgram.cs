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

        return OwnProgram.Find(Name)
            ?? throw new UsageException(
                $"cannot find {Name}: it is neither beside this program nor in PATH. Set {Variable} to it, or name a server with --server");
    }
}
