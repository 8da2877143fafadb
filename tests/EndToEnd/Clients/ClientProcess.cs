using System.Diagnostics;
using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.EndToEnd.Clients;

/// <summary>Runs a program that is a client of the shared daemon, the way its user would: address and key in the environment.</summary>
internal static class ClientProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The native client; a test that wants it is skipped where it was not built.</summary>
    public static string Cli
    {
        get
        {
            Assert.SkipUnless(File.Exists(Repository.Cli), "bin/sandcastle was not built: make build");
            return Repository.Cli;
        }
    }

    public static Task<ClientResult> RunAsync(Daemon daemon, string program, params string[] arguments) =>
        RunAsync(
            new Dictionary<string, string?> { ["SANDCASTLE_SERVER"] = daemon.Address.ToString(), ["SANDCASTLE_API_KEY"] = daemon.ApiKey },
            program,
            arguments);

    public static async Task<ClientResult> RunAsync(IReadOnlyDictionary<string, string?> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SANDCASTLED"] = Repository.Daemon;
        start.Environment["SANDCASTLE_HOME"] = Repository.Root;
        start.Environment["PYTHONPATH"] = Path.Combine(Repository.Root, "sdk", "python");
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var stdout = new MemoryStream();
        var copying = process.StandardOutput.BaseStream.CopyToAsync(stdout);
        var stderr = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        await copying.WaitAsync(Patience);
        return new ClientResult(process.ExitCode, stdout.ToArray(), await stderr.WaitAsync(Patience)) { Pid = process.Id };
    }
}
