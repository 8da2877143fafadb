namespace Sandcastle.Cli.Runs;

/// <summary>The template for a program whose user named none.</summary>
internal static class TemplateGuess
{
    public const string Default = "python";

    public static IReadOnlyList<string> Names { get; } = ["python", "python-data", "node", "bash"];

    /// <exception cref="UsageException">The file's name says nothing.</exception>
    public static string Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".py" => "python",
        ".js" or ".mjs" or ".cjs" => "node",
        ".sh" or ".bash" => "bash",
        _ when Directory.Exists(path) => throw new UsageException($"FILE: '{path}' is a directory"),
        _ => throw new UsageException($"cannot tell the template of '{path}' (known: .py, .js, .mjs, .cjs, .sh, .bash); name it with --template"),
    };
}
