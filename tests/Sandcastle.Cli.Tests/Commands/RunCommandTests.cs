using System.Text.Json;
using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Cli.Tests.Servers;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Cli.Tests.Commands;

/// <summary><c>sandcastle run</c> as a process, against a server that runs nothing.</summary>
public sealed class RunCommandTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandcastle-cli-");
    private FakeServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Run_output_is_passed_on_byte_for_byte()
    {
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        _server.OnRun = async (context, _) =>
        {
            await Answers.BeginAsync(context);
            await Answers.EventAsync(context, "stdout", Answers.Exact(bytes), RestJson.Default.OutputEvent);
            await Answers.EventAsync(context, "stderr", Answers.Exact("oops\n"u8), RestJson.Default.OutputEvent);
            await Answers.EventAsync(context, "result", Answers.Succeeded, RestJson.Default.RunResponse);
        };

        var result = await RunAsync("-c", "print(1)");

        result.ExitCode.ShouldBe(0);
        result.StdoutBytes.ShouldBe(bytes);
        result.Stderr.ShouldBe("oops\n");
        _server.Runs.Single().Encoding.ShouldBe("base64");
        _server.Runs.Single().Template.ShouldBe("python");
    }

    [Fact]
    public async Task Run_output_is_there_before_the_program_ends()
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.OnRun = async (context, _) =>
        {
            await Answers.BeginAsync(context);
            await Answers.EventAsync(context, "stdout", Answers.Exact("first\n"u8), RestJson.Default.OutputEvent);
            await seen.Task;
            await Answers.EventAsync(context, "result", Answers.Succeeded, RestJson.Default.RunResponse);
        };
        var call = Call("-c", "x");
        using var process = CliProgram.Start(call);

        (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("first");
        seen.SetResult();

        (await CliProgram.FinishAsync(process, call)).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData(Outcome.Failed, 3, null, 3, "")]
    [InlineData(Outcome.Signaled, null, 11, 139, "SIGSEGV")]
    [InlineData(Outcome.TimedOut, null, 9, 124, "timed out")]
    [InlineData(Outcome.OutOfMemory, null, 9, 137, "out of memory")]
    [InlineData(Outcome.Interrupted, null, null, 125, "interrupted")]
    public async Task Run_exits_as_the_program_did(Outcome outcome, int? exitCode, int? signal, int expected, string said)
    {
        _server.OnRun = (context, _) => Answers.SendAsync(context, Answers.Succeeded with { Outcome = outcome, ExitCode = exitCode, Signal = signal });

        var result = await RunAsync("-c", "x");

        result.ExitCode.ShouldBe(expected);
        result.Stderr.ShouldContain(said);
    }

    [Fact]
    public async Task Run_every_flag_is_a_field_of_the_request()
    {
        Write("main.mjs", "code();\n");
        Write("in.txt", "line\n");
        Write("lib/a.txt", "a");
        File.WriteAllBytes(PathOf("lib/b.bin"), [0xff, 0]);

        var result = await RunAsync(
            "main.mjs", "--timeout", "1m30s", "--memory", "1.5G", "--cpus", "0.5", "--pids", "7", "--disk", "10M", "--disk-inodes", "100",
            "--output-limit", "64K", "--open-files", "20", "--env", "A=b=c", "-e", "INHERITED", "--stdin", "in.txt", "--upload", "in.txt:sub/",
            "--upload", "in.txt:other.txt", "--upload", "lib", "--download", "out/*", "--metadata", "k=v", "--profile", "fork",
            "--require-keep", "builtin", "--idempotency-key", "key", "--", "-v", "two words");

        result.Stderr.ShouldBe("");
        _server.IdempotencyKeys.Single().ShouldBe("key");
        _server.Runs.Single().ShouldBeEquivalentTo(new RunRequest
        {
            Template = "node",
            Code = "code();\n",
            Args = new List<string> { "-v", "two words" },
            Stdin = "line\n",
            Env = new Dictionary<string, string> { ["A"] = "b=c", ["INHERITED"] = "yes" },
            Files = new List<RunFileContent>
            {
                new() { Path = "sub/in.txt", Content = "line\n" },
                new() { Path = "other.txt", Content = "line\n" },
                new() { Path = "lib/a.txt", Content = "a" },
                new() { Path = "lib/b.bin", ContentBase64 = "/wA=" },
            },
            Limits = new LimitsRequest { TimeoutMs = 90_000, MemoryMiB = 1536, Cpus = 0.5, Pids = 7, DiskMiB = 10, DiskInodes = 100, OutputKiB = 64, OpenFiles = 20 },
            Collect = new List<string> { "out/*" },
            Metadata = new Dictionary<string, string> { ["k"] = "v" },
            Encoding = "base64",
            Profile = "fork",
            RequireKeep = "builtin",
        });
    }

    [Theory]
    [InlineData("a.py", "python")]
    [InlineData("a.js", "node")]
    [InlineData("a.MJS", "node")]
    [InlineData("a.sh", "bash")]
    public async Task Run_template_is_guessed_by_extension(string name, string template)
    {
        Write(name, "x");

        (await RunAsync(name)).ExitCode.ShouldBe(0);

        _server.Runs.Single().Template.ShouldBe(template);
    }

    [Fact]
    public async Task Run_dash_reads_the_program_from_stdin()
    {
        var result = await CliProgram.RunAsync(Call("-t", "bash", "-", "--", "x") with { Stdin = "echo $1" });

        result.ExitCode.ShouldBe(0);
        _server.Runs.Single().Code.ShouldBe("echo $1");
        _server.Runs.Single().Args.ShouldBe(["x"]);
    }

    [Theory]
    [InlineData("nothing to run", "")]
    [InlineData("--memory: '12Q' is not a size like", "-c x --memory 12Q")]
    [InlineData("--memory: '100K' is 100 KiB, less than 1 MiB", "-c x --memory 100K")]
    [InlineData("--timeout: '5y' is not a duration like", "-c x --timeout 5y")]
    [InlineData("--cpus: 'two' is not a number", "-c x --cpus two")]
    [InlineData("--pids: '1.5' is not a whole number", "-c x --pids 1.5")]
    [InlineData("there is no file 'missing.py'", "missing.py")]
    [InlineData("cannot tell the template of 'a.rb'", "a.rb")]
    [InlineData("--env: 'UNSET_HERE' has no value", "-c x --env UNSET_HERE")]
    [InlineData("--stdin: there is no file", "-c x --stdin missing")]
    [InlineData("unknown flag '--tiemout'", "a.py --tiemout 5s -- -v")]
    [InlineData("--output: 'xml' is none of json", "-c x -o xml")]
    [InlineData("our own stdin is the program already", "- --stdin -")]
    [InlineData("--server: 'a b' is no address", "-c x --server|a b")]
    public async Task Run_wrong_flag_is_named_and_nothing_runs(string said, string arguments)
    {
        var result = await RunAsync([.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(a => a == "--server|a" ? (string[])["--server", "a b"] : a == "b" ? [] : [a])]);

        result.ExitCode.ShouldBe(125);
        result.Stderr.ShouldContain(said);
        _server.Runs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_refusal_names_every_flag()
    {
        _server.OnRun = (context, _) => Answers.RefuseAsync(
            context, 400, RefusalKind.Invalid, "two errors", new FieldError("limits.memoryMiB", "must be at most 8192, not 9000"), new FieldError("env.1x", "is not a name"));

        var result = await RunAsync("-c", "x");

        result.ExitCode.ShouldBe(125);
        result.Stderr.ShouldBe(
            "sandcastle: --memory (limits.memoryMiB) must be at most 8192, not 9000\nsandcastle: --env (env.1x) is not a name\n");
    }

    [Fact]
    public async Task Run_verbose_prints_the_receipt_in_one_line()
    {
        var result = await RunAsync("-v", "-c", "x");

        result.Stderr.ShouldBe(
            "sandcastle: run_0123456789abcdef01234567 · succeeded · 2 ms wall · 1 ms cpu · 3 MiB peak · 3 B out · 1.5 ms in all · python/fork/builtin\n");
    }

    [Fact]
    public async Task Run_json_is_the_whole_answer()
    {
        _server.OnRun = (context, _) => Answers.SendAsync(context, Answers.Succeeded with { Outcome = Outcome.Failed, ExitCode = 4, Stdout = "é" });

        var result = await RunAsync("-o", "json", "-c", "x");

        result.ExitCode.ShouldBe(4);
        result.Stderr.ShouldBe("");
        JsonSerializer.Deserialize(result.Stdout, RestJson.Default.RunResponse)!.Stdout.ShouldBe("é");
    }

    [Fact]
    public async Task Run_says_nothing_to_the_terminal_but_text()
    {
        _server.OnRun = (context, _) => Answers.SendAsync(context, Answers.Succeeded with { CollectErrors = ["\u001b[2Ja\nsandcastle: b\u009b: too large"] });

        var result = await RunAsync("-c", "x", "--download", "*");

        result.Stderr.ShouldBe("sandcastle: --download: \uFFFD[2Ja sandcastle: b\uFFFD: too large\n");
    }

    [Fact]
    public async Task Run_refusal_says_nothing_to_the_terminal_but_text()
    {
        _server.OnRun = (context, _) => Answers.RefuseAsync(context, 400, RefusalKind.Invalid, "x", new FieldError("env.\u001b]0;x\u0007", "is\nno name"));

        var result = await RunAsync("-c", "x");

        result.Stderr.ShouldNotContain('\u001b');
        result.Stderr.TrimEnd('\n').ShouldNotContain('\n');
    }

    [Fact]
    public async Task Run_interrupted_by_ctrl_c_cancels()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.OnRun = async (context, _) =>
        {
            await Answers.BeginAsync(context);
            started.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var call = Call("-c", "x");
        using var process = CliProgram.Start(call);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        using var kill = System.Diagnostics.Process.Start("/bin/sh", ["-c", $"kill -INT {process.Id}"]);

        await _server.ClientGone.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        (await CliProgram.FinishAsync(process, call)).ExitCode.ShouldBe(130);
    }

    [Fact]
    public async Task Run_reader_of_stdout_gone_ends_the_run()
    {
        _server.OnRun = async (context, _) =>
        {
            await Answers.BeginAsync(context);
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await Answers.EventAsync(context, "stdout", Answers.Exact("y\n"u8), RestJson.Default.OutputEvent);
            }
        };
        var call = Call("-c", "x");
        call = call with { Program = "/bin/bash", Arguments = ["-c", "\"$@\" | head -1; exit ${PIPESTATUS[0]}", "bash", CliProgram.Path, .. call.Arguments] };

        var result = await CliProgram.RunAsync(call);

        result.Stdout.ShouldBe("y\n");
        result.ExitCode.ShouldBe(141);
    }

    [Theory]
    [InlineData("run", "-c", "x")]
    [InlineData("run", "-o", "json", "-c", "x")]
    [InlineData("templates")]
    public async Task Output_that_cannot_be_written_is_one_sentence(params string[] arguments)
    {
        _server.OnRun = (context, request) => request.Encoding is null
            ? Answers.SendAsync(context, Answers.Succeeded)
            : Answers.SendAsync(context, Answers.Succeeded, Answers.Exact("b\n"u8));
        var call = Call("-c", "x");
        call = call with { Program = "/bin/bash", Arguments = ["-c", "\"$@\" >/dev/full", "bash", CliProgram.Path, .. arguments] };

        var result = await CliProgram.RunAsync(call);

        result.Stderr.ShouldBe("sandcastle: cannot write the output: No space left on device\n");
        result.ExitCode.ShouldBe(arguments[0] == "run" ? 125 : 1);
    }

    [Fact]
    public async Task Run_output_to_a_file_is_appended_where_the_shell_stands()
    {
        _server.OnRun = (context, _) => Answers.SendAsync(context, Answers.Succeeded, Answers.Exact("b\n"u8));
        var call = Call("-c", "x");
        call = call with { Program = "/bin/bash", Arguments = ["-c", "{ echo a; \"$@\"; echo c; } >file", "bash", CliProgram.Path, .. call.Arguments] };

        await CliProgram.RunAsync(call);

        File.ReadAllText(PathOf("file")).ShouldBe("a\nb\nc\n");
    }

    [Fact]
    public async Task Run_wrong_key_is_refused()
    {
        var result = await RunAsync("--api-key", "wrong", "-c", "x");

        result.ExitCode.ShouldBe(125);
        result.Stderr.ShouldBe("sandcastle: the API key is missing or wrong\n");
    }

    [Fact]
    public async Task Run_server_over_tcp_by_variable_serves_too()
    {
        var call = Call("-c", "x");

        var result = await CliProgram.RunAsync(call with
        {
            Environment = new Dictionary<string, string>(call.Environment) { ["SANDCASTLE_SERVER"] = _server.TcpAddress },
        });

        result.ExitCode.ShouldBe(0);
    }

    private Task<CliResult> RunAsync(params string[] arguments) => CliProgram.RunAsync(Call(arguments));

    private CliCall Call(params string[] arguments) => new()
    {
        Arguments = ["run", .. arguments],
        Directory = _directory.FullName,
        Environment = new Dictionary<string, string>
        {
            ["SANDCASTLE_SERVER"] = _server.UnixAddress,
            ["SANDCASTLE_API_KEY"] = FakeServer.ApiKey,
            ["INHERITED"] = "yes",
        },
    };

    private string PathOf(string name) => Path.Combine(_directory.FullName, name);

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), content);
    }
}
