using System.Diagnostics;
using System.Text;

namespace Sandcastle.Cli.Tests.Programs;

/// <summary>Runs the built client as a process of its own.</summary>
public static class CliProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static string Path { get; } = Find("sandcastle");

    /// <summary>
    /// The native program that people have, of the directory that SANDCASTLE_CLIENTS names, as all tests together are run; else the one of this
    /// build, which takes half a second to start.
    /// </summary>
    public static string Find(string name) =>
        System.IO.Path.Combine(Environment.GetEnvironmentVariable("SANDCASTLE_CLIENTS") is { Length: > 0 } native ? native : AppContext.BaseDirectory, name);

    public static Task<CliResult> RunAsync(params string[] arguments) => RunAsync(new CliCall { Arguments = arguments });

    public static async Task<CliResult> RunAsync(CliCall call)
    {
        using var process = Start(call);
        return await FinishAsync(process, call);
    }

    /// <summary>Starts the client; the test ends it.</summary>
    public static Process Start(CliCall call)
    {
        var start = new ProcessStartInfo(call.Program ?? Path, call.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = call.Directory ?? System.IO.Path.GetTempPath(),
        };
        foreach (var name in (string[])["SANDCASTLE_SERVER", "SANDCASTLE_API_KEY", "SANDCASTLE_DATA_DIR", "SANDCASTLED", "XDG_RUNTIME_DIR"])
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in call.Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static async Task<CliResult> FinishAsync(Process process, CliCall call)
    {
        using var stdout = new MemoryStream();
        var copying = process.StandardOutput.BaseStream.CopyToAsync(stdout);
        var stderr = process.StandardError.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(call.Stdin));
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Patience);
        await copying.WaitAsync(Patience);
        return new CliResult(process.ExitCode, stdout.ToArray(), await stderr.WaitAsync(Patience));
    }
}
