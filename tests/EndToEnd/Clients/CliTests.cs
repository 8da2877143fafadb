using System.Diagnostics;
using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.EndToEnd.Clients;

/// <summary>The native client against a real daemon.</summary>
public sealed class CliTests(SharedDaemon server)
{
    [Theory]
    [InlineData("print(6 * 7)", "42\n", "", 0)]
    [InlineData("import sys; print('é'); print('x', file=sys.stderr); sys.exit(3)", "é\n", "x\n", 3)]
    [InlineData("import os; os.kill(os.getpid(), 11)", "", "sandcastle: ended by signal 11 SIGSEGV\n", 139)]
    [InlineData("while True: pass", "", "sandcastle: timed out (--timeout)\n", 124, "2s")]
    [InlineData("b'x' * (1 << 30)", "", "sandcastle: out of memory (--memory)\n", 137)]
    public async Task Run_is_what_the_program_was(string code, string stdout, string stderr, int exitCode, string timeout = "60s")
    {
        var result = await RunAsync("run", "--timeout", timeout, "-c", code);

        (result.Stdout, result.Stderr, result.ExitCode).ShouldBe((stdout, stderr, exitCode));
    }

    [Fact]
    public async Task Run_bytes_that_are_no_text_pass_unchanged()
    {
        var result = await RunAsync("run", "-c", "import sys; sys.stdout.buffer.write(bytes(range(256)) * 1000)");

        result.StdoutBytes.ShouldBe(Enumerable.Range(0, 256_000).Select(i => (byte)i).ToArray());
    }

    [Fact]
    public async Task Run_files_go_in_and_come_back()
    {
        var directory = Directory.CreateTempSubdirectory("sandcastle-cli-");
        try
        {
            var input = Path.Combine(directory.FullName, "in.bin");
            await File.WriteAllBytesAsync(input, [0xff, 0, 1], TestContext.Current.CancellationToken);
            var result = await ClientProcess.RunAsync(
                server.Daemon, "/bin/sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", directory.FullName, ClientProcess.Cli,
                "run", "-t", "bash", "--upload", "in.bin:deep/x.bin", "--download", "out/*", "-c", "mkdir out; cp deep/x.bin out/y.bin; echo $1", "--", "arg");

            result.Stderr.ShouldBe("");
            result.Stdout.ShouldBe("arg\n");
            (await File.ReadAllBytesAsync(Path.Combine(directory.FullName, "out", "y.bin"), TestContext.Current.CancellationToken)).ShouldBe([0xff, 0, 1]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Run_limits_that_are_wrong_are_all_named_by_their_flags()
    {
        var result = await RunAsync("run", "--memory", "900G", "--pids", "0", "-c", "x");

        result.ExitCode.ShouldBe(125);
        result.Stderr.ShouldContain("--memory (limits.memoryMiB) must be at most");
        result.Stderr.ShouldContain("--pids (limits.pids) must be at least");
    }

    [Fact]
    public async Task Templates_and_usage_are_listed()
    {
        (await RunAsync("run", "-c", "print(1)")).ExitCode.ShouldBe(0);

        (await RunAsync("templates")).Stdout.ShouldContain("python ");
        (await RunAsync("usage")).Stdout.ShouldContain("TOTAL");
    }

    [Fact]
    public async Task Doctor_examines_this_machine()
    {
        var result = await RunAsync("doctor");

        result.Stdout.ShouldNotBeEmpty();
        result.ExitCode.ShouldBe(0, result.Stdout);
    }

    [Fact]
    public async Task Run_without_server_starts_one_and_shares_it()
    {
        var data = Directory.CreateTempSubdirectory("sandcastle-cli-");
        var environment = new Dictionary<string, string?>
        {
            ["SANDCASTLE_SERVER"] = null,
            ["SANDCASTLE_API_KEY"] = null,
            ["SANDCASTLE_DATA_DIR"] = data.FullName,
            ["SANDCASTLE_HOME"] = FewTemplates.Home,
        };
        try
        {
            var both = await Task.WhenAll(
                ClientProcess.RunAsync(environment, ClientProcess.Cli, "run", "-c", "print(1)"),
                ClientProcess.RunAsync(environment, ClientProcess.Cli, "run", "-c", "print(2)"));

            both.Select(r => (r.Stdout, r.Stderr)).ShouldBe([("1\n", ""), ("2\n", "")]);
            Servers(data).Count.ShouldBe(1);
        }
        finally
        {
            foreach (var pid in Servers(data))
            {
                using var daemon = Process.GetProcessById(pid);
                using var terminate = Process.Start("/bin/sh", ["-c", $"kill -TERM {pid}"]);
                await daemon.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Run_no_daemon_leaves_nothing()
    {
        // What others have in the machine's own is theirs.
        var temporary = Directory.CreateTempSubdirectory("sandcastle-cli-");
        var environment = new Dictionary<string, string?>
        {
            ["SANDCASTLE_SERVER"] = server.Daemon.Address.ToString(),
            ["SANDCASTLE_API_KEY"] = server.Daemon.ApiKey,
            ["TMPDIR"] = temporary.FullName,
            ["SANDCASTLE_HOME"] = FewTemplates.Home,
        };

        var result = await ClientProcess.RunAsync(environment, ClientProcess.Cli, "run", "--no-daemon", "-c", "print(1)");

        result.Stdout.ShouldBe("1\n");
        result.ExitCode.ShouldBe(0, result.Stderr);
        Directory.GetDirectories(temporary.FullName).ShouldBeEmpty();
        temporary.Delete(recursive: true);
    }

    private static List<int> Servers(DirectoryInfo data) =>
    [
        .. from directory in Directory.GetDirectories("/proc")
           let name = Path.GetFileName(directory)
           where int.TryParse(name, out _) && CommandLine(directory).Contains($"unix:{data.FullName}/", StringComparison.Ordinal)
           select int.Parse(name),
    ];

    private static string CommandLine(string directory)
    {
        try
        {
            return File.ReadAllText($"{directory}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private Task<ClientResult> RunAsync(params string[] arguments) => ClientProcess.RunAsync(server.Daemon, ClientProcess.Cli, arguments);
}
