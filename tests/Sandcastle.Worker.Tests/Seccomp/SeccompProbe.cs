using System.Diagnostics;
using System.Runtime.InteropServices;
using Sandcastle.Worker.Jails.Seccomp;
using Sandcastle.Worker.Tests.Seccomp;

[assembly: AssemblyFixture(typeof(SeccompProbe))]

namespace Sandcastle.Worker.Tests.Seccomp;

/// <summary>The shipped policy, its filter, and tests/native/seccomp_probe.c, which tries them on the kernel. Made on demand.</summary>
public sealed class SeccompProbe : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Lazy<Task> _build;
    private readonly Lazy<Task<SeccompFilter>> _filter;

    public SeccompProbe()
    {
        _build = new Lazy<Task>(BuildAsync);
        _filter = new Lazy<Task<SeccompFilter>>(CompileAsync);
    }

    internal static string JailProgram => Repository.PathTo("artifacts", "native", "sandcastle-jail");

    internal static SeccompPolicy Policy { get; } = SeccompPolicy.Load(Repository.PathTo("policy", "seccomp"));

    internal string Program => _directory.PathTo("seccomp_probe");

    internal string FilterFile => _directory.PathTo("filter.bpf");

    internal string Scratch => _directory.Location;

    /// <summary>Waits until program and filter are there.</summary>
    internal async Task<SeccompFilter> ReadyAsync()
    {
        await _build.Value;
        return await _filter.Value;
    }

    /// <summary>Numbers of the calls that libseccomp knows, by name.</summary>
    internal async Task<Dictionary<string, int>> NumbersAsync(Architecture architecture)
    {
        await _build.Value;
        var name = architecture == Architecture.Arm64 ? "aarch64" : "x86_64";
        var (_, output, _) = await RunAsync(Program, ["names"], "");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Where(words => words[0] == name)
            .ToDictionary(words => words[1], words => int.Parse(words[2]));
    }

    /// <summary>What each call answers, under the filter or without it.</summary>
    internal async Task<IReadOnlyList<string>> AnswersAsync(IEnumerable<string> calls, bool filtered = true)
    {
        await ReadyAsync();
        var (_, output, _) = await RunAsync(Program, filtered ? ["calls", FilterFile] : ["calls"], string.Join('\n', calls) + "\n");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A whole program under the filter.</summary>
    internal async Task<(int ExitCode, string Output, string Error)> ExecuteAsync(params string[] command)
    {
        await ReadyAsync();
        return await RunAsync(Program, ["execute", FilterFile, .. command], "");
    }

    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program, IEnumerable<string> arguments, string input)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await error);
    }

    public void Dispose() => _directory.Dispose();

    private async Task BuildAsync()
    {
        var source = Repository.PathTo("tests", "native", "seccomp_probe.c");
        string[] flags = ["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-O1", "-o", Program, source, "-lseccomp", "-lutil"];
        var (exitCode, _, error) = await RunAsync("gcc", flags, "");
        exitCode.ShouldBe(0, error);
    }

    private async Task<SeccompFilter> CompileAsync()
    {
        var filter = await SeccompFilter.CompileAsync(Policy, JailProgram, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(FilterFile, filter.Program, TestContext.Current.CancellationToken);
        return filter;
    }
}
