using System.Diagnostics;
using System.Text.Json;
using Sandcastle.Cli.Tests.Programs;

namespace Sandcastle.Cli.Tests.Commands;

/// <summary>What happens when no server is named: one is started, shared, and left alone.</summary>
public sealed class BackgroundServerTests : IDisposable
{
    private static readonly string[] Run = ["run", "-c", "x"];

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("sandcastle-home-");
    private readonly string _daemon;

    public BackgroundServerTests()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "the stand-in for sandcastled needs /usr/bin/python3");
        _daemon = Path.Combine(Repository.Root, "tests", "Sandcastle.Cli.Tests", "Programs", "fake-sandcastled.py");
    }

    private string DataDirectory => Path.Combine(_home.FullName, "data");

    private string[] Starts => File.ReadAllLines(Path.Combine(DataDirectory, "starts"));

    public void Dispose()
    {
        if (Directory.Exists(DataDirectory) && File.Exists(Path.Combine(DataDirectory, "starts")))
        {
            foreach (var pid in Starts)
            {
                Kill(int.Parse(pid));
            }
        }

        _home.Delete(recursive: true);
    }

    [Fact]
    public async Task Run_without_server_starts_one_in_the_background()
    {
        var first = Who(await CliProgram.RunAsync(Call(Run)));
        var second = Who(await CliProgram.RunAsync(Call(Run)));

        Starts.Length.ShouldBe(1);
        second.GetProperty("pid").GetInt32().ShouldBe(first.GetProperty("pid").GetInt32());
        first.GetProperty("session").GetInt32().ShouldBe(first.GetProperty("pid").GetInt32(), "it has a session of its own");
        first.GetProperty("idleExit").GetString().ShouldBe("600");
        first.GetProperty("key").GetString().ShouldBe("Bearer e2b_fake");
        first.GetProperty("cwd").GetString().ShouldBe("/");
        var log = Path.Combine(DataDirectory, "sandcastled.log");
        first.GetProperty("tty").EnumerateArray().Select(t => t.GetString()).ShouldBe(["/dev/null", log, log]);
        File.GetUnixFileMode(DataDirectory).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Run_many_at_once_start_one_server()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => CliProgram.RunAsync(Call(Run))));

        results.ShouldAllBe(r => r.ExitCode == 0);
        Starts.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Run_server_that_died_is_replaced()
    {
        Who(await CliProgram.RunAsync(Call(Run)));
        Kill(int.Parse(Starts[0]));
        File.Delete(Path.Combine(DataDirectory, "sandcastled.sock"));

        Who(await CliProgram.RunAsync(Call(Run)));

        Starts.Length.ShouldBe(2);
    }

    [Fact]
    public async Task Run_server_that_is_leaving_is_waited_for()
    {
        Directory.CreateDirectory(DataDirectory);
        var call = Call(Run);
        Process process;
        await using (new FileStream(Path.Combine(DataDirectory, "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            process = CliProgram.Start(call);
            while (!File.Exists(Path.Combine(DataDirectory, "start.lock")))
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            File.Exists(Path.Combine(DataDirectory, "starts")).ShouldBeFalse();
        }

        using (process)
        {
            Who(await CliProgram.FinishAsync(process, call));
        }
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task Run_alone_that_a_signal_ends_takes_its_server_along(string signal, int exitCode)
    {
        var (record, silence) = (Path.Combine(_home.FullName, "record"), Path.Combine(_home.FullName, "silence"));
        var call = Call([.. Run, "--no-daemon"], ("FAKE_RECORD", record), ("FAKE_SILENCE", silence));
        using var process = CliProgram.Start(call);
        while (!File.Exists(silence))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {process.Id}"]);
        var result = await CliProgram.FinishAsync(process, call);

        result.ExitCode.ShouldBe(exitCode, result.Stderr);
        var said = (await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken)).Split(' ');
        Directory.Exists("/proc/" + said[0]).ShouldBeFalse();
        Directory.Exists(said[1]).ShouldBeFalse();
    }

    [Fact]
    public async Task Run_whose_directory_cannot_be_made_says_so_in_one_sentence()
    {
        await File.WriteAllTextAsync(DataDirectory, "", TestContext.Current.CancellationToken);

        var result = await CliProgram.RunAsync(Call(Run));

        result.ExitCode.ShouldBe(125);
        result.Stderr.ShouldStartWith($"sandcastle: cannot make '{DataDirectory}' for the background server: ");
        result.Stderr.TrimEnd().ShouldNotContain('\n');
        File.Delete(DataDirectory);
    }

    [Fact]
    public async Task Run_server_that_does_not_start_says_why()
    {
        var result = await CliProgram.RunAsync(Call(Run, ("FAKE_FAILURE", "1")));

        result.ExitCode.ShouldBe(125);
        result.Stderr.ShouldContain("exit code 3");
        result.Stderr.ShouldContain("no cgroup is delegated to this user");
    }

    [Fact]
    public async Task Run_without_sandcastled_says_where_it_was_looked_for()
    {
        // The one of this build has no neighbour.
        var alone = Path.Combine(AppContext.BaseDirectory, "sandcastle");
        var result = await CliProgram.RunAsync(Call(Run, ("SANDCASTLED", ""), ("PATH", "/nowhere")) with { Program = alone });

        result.ExitCode.ShouldBe(125);
        result.Stderr.ShouldContain("cannot find sandcastled");
    }

    [Fact]
    public async Task Run_data_directory_that_others_may_write_is_refused()
    {
        Directory.CreateDirectory(DataDirectory);
        File.SetUnixFileMode(DataDirectory, (UnixFileMode)0b111_111_111);

        var result = await CliProgram.RunAsync(Call(Run));

        result.ExitCode.ShouldBe(125);
        result.Stderr.ShouldContain("others may write");
    }

    [Fact]
    public async Task Run_no_daemon_starts_a_child_and_ends_it()
    {
        var record = Path.Combine(_home.FullName, "record");

        var who = Who(await CliProgram.RunAsync(Call([.. Run, "--no-daemon"], ("FAKE_RECORD", record))));

        var (pid, directory) = File.ReadAllText(record).Split(' ') is [var p, var d] ? (p, d) : throw new InvalidDataException();
        who.GetProperty("pid").GetInt32().ShouldBe(int.Parse(pid));
        Directory.Exists($"/proc/{pid}").ShouldBeFalse();
        Directory.Exists(directory).ShouldBeFalse();
        Directory.Exists(DataDirectory).ShouldBeFalse();
    }

    [Fact]
    public async Task Doctor_executes_sandcastled_and_exits_as_it_does()
    {
        var result = await CliProgram.RunAsync(Call(["doctor", "-o", "json"]));

        result.ExitCode.ShouldBe(7);
        result.Stdout.ShouldBe("doctor -o json\n");
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("export")]
    public async Task Ledger_verb_executes_the_daemon(string verb)
    {
        var result = await CliProgram.RunAsync(Call(["ledger", verb, "--ledger", "Host=db", "-o", "json"]));

        result.ExitCode.ShouldBe(7);
        result.Stdout.ShouldBe($"ledger {verb} --ledger Host=db -o json\n");
    }

    private static JsonElement Who(CliResult result)
    {
        result.ExitCode.ShouldBe(0, result.Stderr);
        return JsonDocument.Parse(result.Stdout).RootElement;
    }

    private static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
            process.WaitForExit();
        }
        catch (ArgumentException)
        {
            // It has gone already.
        }
    }

    private CliCall Call(string[] arguments, params (string Name, string Value)[] environment)
    {
        var variables = new Dictionary<string, string> { ["SANDCASTLE_DATA_DIR"] = DataDirectory, ["SANDCASTLED"] = _daemon };
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }

        return new CliCall { Arguments = arguments, Environment = variables };
    }
}
