using System.Diagnostics;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Jails.Seccomp;
using Sandcastle.Worker.Staging;

namespace Sandcastle.Conformance.Bubblewrap;

/// <summary>Requests as command lines of bwrap.</summary>
internal sealed class BubblewrapJail : IDisposable
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandcastle-bwrap-");
    private readonly List<string> _root = [];
    private int _runs;

    internal static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, "bwrap")));

    private string Filter => Path.Combine(_directory.FullName, "filter.bpf");

    internal static async Task<BubblewrapJail> PrepareAsync()
    {
        var jail = new BubblewrapJail();
        File.SetUnixFileMode(jail._directory.FullName, ForAll);
        var root = jail._directory.CreateSubdirectory("root").FullName;
        jail._root.AddRange(["--ro-bind", root, "/"]);
        foreach (var tree in SmallRoot.Build(root))
        {
            jail._root.AddRange(["--ro-bind", tree.Source, tree.Target]);
        }

        var policy = SeccompPolicy.Load(Path.Combine(Repository.Root, "policy", "seccomp"));
        var filter = await SeccompFilter.CompileAsync(policy, Path.Combine(Repository.Root, "artifacts", "native", "sandcastle-jail"), default);
        await File.WriteAllBytesAsync(jail.Filter, filter.Program);
        return jail;
    }

    internal async Task<RunResponse> RunAsync(RunRequest request)
    {
        var home = _directory.CreateSubdirectory($"home-{Interlocked.Increment(ref _runs)}").FullName;
        foreach (var file in request.Files ?? [])
        {
            var content = file.ContentBase64 is { } base64 ? Convert.FromBase64String(base64) : System.Text.Encoding.UTF8.GetBytes(file.Content ?? "");
            await File.WriteAllBytesAsync(Path.Combine(home, file.Path!), content);
        }

        var time = TimeSpan.FromMilliseconds(request.Limits?.TimeoutMs ?? 60_000);
        using var process = Process.Start(Command(request, home))!;
        process.StandardInput.Close();
        var (stdout, stderr) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var ended = await EndsWithinAsync(process, time);
        return new RunResponse
        {
            Id = "",
            Profile = BubblewrapTarget.ProfileName,
            Outcome = ended ? OutcomeOf(process.ExitCode) : Outcome.TimedOut,
            ExitCode = process.ExitCode,
            Stdout = await stdout,
            Stderr = await stderr,
        };
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private ProcessStartInfo Command(RunRequest request, string home)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = "/home/user",
            ["USER"] = "user",
            ["LANG"] = "C.UTF-8",
            ["TMPDIR"] = "/tmp",
        };
        foreach (var (name, value) in request.Env ?? environment)
        {
            environment[name] = value;
        }

        string[] program = request.Template == "bash" ? ["/bin/bash", "-c", request.Code!, "bash"] : ["/usr/bin/python3", "-c", request.Code!];
        string[] arguments =
        [
            Path.Combine(Repository.Root, "tests", "Conformance", "Bubblewrap", "enter.sh"), home, Filter,
            "--unshare-all", "--uid", "1000", "--gid", "1000", "--hostname", "sandbox", "--die-with-parent", "--new-session", .. _root,
            "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/var/tmp", "--bind", home, "/home/user", "--chdir", "/home/user",
            "--clearenv", .. environment.SelectMany(pair => new[] { "--setenv", pair.Key, pair.Value }), "--", .. program,
        ];
        return new ProcessStartInfo("/bin/sh", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static async Task<bool> EndsWithinAsync(Process process, TimeSpan time)
    {
        using var limit = new CancellationTokenSource(time);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return false;
        }
    }

    /// <summary>A signal's number is added to 128, as a shell does it.</summary>
    private static Outcome OutcomeOf(int code) => code switch
    {
        0 => Outcome.Succeeded,
        > 128 => Outcome.Signaled,
        _ => Outcome.Failed,
    };
}
