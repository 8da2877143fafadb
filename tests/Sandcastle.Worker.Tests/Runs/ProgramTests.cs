using System.Text;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Runs;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>What programs do, and what their caller sees of it.</summary>
[Collection(nameof(WorkerCollection))]
public sealed class ProgramTests(RunningWorker worker)
{
    [Theory]
    [InlineData("python", "print('hello'); import sys; print('oops', file=sys.stderr)")]
    [InlineData("node", "console.log('hello'); console.error('oops')")]
    [InlineData("bash", "echo hello; echo oops >&2")]
    public async Task Run_prints_to_both_streams_and_succeeds(string template, string code)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync(template, code);

        report.ShouldSatisfyAllConditions(
            () => report.Outcome.ShouldBe(Outcome.Succeeded),
            () => report.ExitCode.ShouldBe(0),
            () => Text(report.Stdout).ShouldBe("hello\n"),
            () => Text(report.Stderr).ShouldBe("oops\n"));
    }

    [Fact]
    public async Task Run_command_as_long_as_the_kernel_takes_works()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        const string Code = "echo ${#1} ${#LONG} ";
        var longest = new string('x', CommandLine.MaxStringBytes);
        var code = Code + "#" + new string(' ', CommandLine.MaxStringBytes - Code.Length - 1);
        var env = new Dictionary<string, string>(StringComparer.Ordinal) { ["LONG"] = longest["LONG=".Length..] };

        var report = await worker.RunAsync("bash", code, order => order with { Args = [.. Enumerable.Repeat(longest, 12)], Env = env });

        Text(report.Stderr).ShouldBe("");
        Text(report.Stdout).ShouldBe($"{longest.Length} {longest.Length - "LONG=".Length}\n");
    }

    [Fact]
    public async Task Run_command_longer_than_the_kernel_takes_is_refused_by_field()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var tooLong = new string('x', CommandLine.MaxStringBytes + 1);
        var env = new Dictionary<string, string>(StringComparer.Ordinal) { ["LONG"] = tooLong };

        var byField = await Should.ThrowAsync<RefusalException>(() => worker.RunAsync("bash", tooLong, order => order with { Args = ["a", tooLong], Env = env }));
        var byArgv = await Should.ThrowAsync<RefusalException>(() => worker.RunAsync("python", "", order => order with { Code = null, Argv = ["echo", tooLong] }));
        var together = await Should.ThrowAsync<RefusalException>(
            () => worker.RunAsync("bash", "true", order => order with { Args = [.. Enumerable.Repeat(tooLong[1..], 16)] }));

        byField.Refusal.Errors.Select(error => error.Field).ShouldBe(["args[1]", "env.LONG", "code"]);
        byField.Refusal.Errors[0].Message.ShouldContain("131071");
        byArgv.Refusal.Errors.Single().Field.ShouldBe("argv[1]");
        together.Refusal.Errors.Single().Field.ShouldBe("args");
    }

    [Fact]
    public async Task Run_code_that_is_no_argument_may_be_longer()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("python", "#" + new string('x', 1 << 20) + "\nprint(1)");

        Text(report.Stdout).ShouldBe("1\n");
    }

    [Theory]
    [InlineData("python", "raise SystemExit(7)")]
    [InlineData("node", "process.exit(7)")]
    [InlineData("bash", "exit 7")]
    public async Task Run_exit_code_is_the_programs(string template, string code)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync(template, code);

        (report.Outcome, report.ExitCode, report.Signal).ShouldBe((Outcome.Failed, 7, null));
    }

    [Theory]
    [InlineData("python", "import os; os.kill(os.getpid(), 15)", 15)]
    [InlineData("python", "import os; os.abort()", 6)]
    [InlineData("bash", "kill -SEGV $$", 11)]
    [InlineData("bash", "kill -KILL $$", 9)]
    public async Task Run_signal_is_told_as_one(string template, string code, int signal)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync(template, code);

        (report.Outcome, report.ExitCode, report.Signal).ShouldBe((Outcome.Signaled, null, signal));
    }

    [Theory]
    [InlineData("python", "import sys, os; print(sys.argv[1:], os.environ['NAME'], sys.stdin.read())", "['a', 'b c'] wert in\n")]
    [InlineData("node", "console.log(process.argv.slice(2).join('+'), process.env.NAME, require('fs').readFileSync(0, 'utf8'))", "a+b c wert in\n")]
    [InlineData("bash", "echo \"$1+$2\" $NAME $(cat)", "a+b c wert in\n")]
    public async Task Run_arguments_environment_and_stdin_arrive(string template, string code, string output)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync(template, code, order => order with
        {
            Args = ["a", "b c"],
            Env = new Dictionary<string, string> { ["NAME"] = "wert" },
            Stdin = "in"u8.ToArray(),
        });

        Text(report.Stderr).ShouldBe("");
        Text(report.Stdout).ShouldBe(output);
    }

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    [InlineData("bash")]
    public async Task Run_argv_is_executed_on_any_template(string template)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync(template, "", order => order with { Code = null, Argv = ["/usr/bin/printf", "%s|%s", "x"], Args = ["y"] });

        Text(report.Stdout).ShouldBe("x|y");
        report.Outcome.ShouldBe(Outcome.Succeeded);
    }

    [Fact]
    public async Task Run_argv_that_is_not_there_is_the_callers_failure()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("bash", "", order => order with { Code = null, Argv = ["no-such-program"] });

        (report.Outcome, report.ExitCode).ShouldBe((Outcome.Failed, 127));
        Text(report.Stderr).ShouldContain("no-such-program");
    }

    [Fact]
    public async Task Run_stdin_larger_than_a_pipe_is_read_whole()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("python", "import sys; print(len(sys.stdin.buffer.read()))", order => order with { Stdin = new byte[5_000_000] });

        Text(report.Stdout).ShouldBe("5000000\n");
    }

    [Fact]
    public async Task Run_stdin_that_nobody_reads_holds_nothing_up()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("bash", "exit 3", order => order with { Stdin = new byte[5_000_000] });

        report.ExitCode.ShouldBe(3);
    }

    [Theory]
    [InlineData("python", "# {0}\nprint('end')")]
    [InlineData("node", "// {0}\nconsole.log('end')")]
    public async Task Run_code_of_many_packets_arrives_whole(string template, string format)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync(template, string.Format(format, new string('x', 3_000_000)));

        Text(report.Stderr).ShouldBe("");
        Text(report.Stdout).ShouldBe("end\n");
    }

    [Fact]
    public async Task Run_files_go_in_and_come_out()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var content = Enumerable.Range(0, 100_000).Select(i => (byte)i).ToArray();

        var report = await worker.RunAsync(
            "python",
            """
            import os, pathlib
            data = pathlib.Path("in/deep/data.bin").read_bytes()
            os.makedirs("out/a")
            pathlib.Path("out/a/copy.bin").write_bytes(data[::-1])
            pathlib.Path("out/b.txt").write_text("b")
            os.symlink("/etc/passwd", "out/link.txt")
            os.mkfifo("out/pipe.txt")
            """,
            order => order with
            {
                Files = [new("in/deep/data.bin", content)],
                Collect = ["out/**/*.bin", "out/*.txt", "none*"],
            });

        Text(report.Stderr).ShouldBe("");
        report.Files.Select(file => file.Path).ShouldBe(["out/a/copy.bin", "out/b.txt"]);
        report.Files[0].Content.ToArray().ShouldBe(content.Reverse().ToArray());
        report.CollectErrors.ShouldContain(error => error.StartsWith("none*"));
    }

    [Fact]
    public async Task Run_upload_that_does_not_fit_the_disk_is_refused()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var refused = await Should.ThrowAsync<RefusalException>(() => worker.RunAsync("bash", "true", order => order with
        {
            Files = [new("big", new byte[8 << 20])],
            Limits = order.Limits with { DiskBytes = 1 << 20 },
        }));

        refused.Refusal.Kind.ShouldBe(RefusalKind.Invalid);
    }

    [Fact]
    public async Task Run_unknown_template_names_the_known()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var refused = await Should.ThrowAsync<RefusalException>(() => worker.RunAsync("cobol", ""));

        refused.Refusal.Kind.ShouldBe(RefusalKind.UnknownTemplate);
        refused.Refusal.Detail.ShouldContain("python");
    }

    [Fact]
    public async Task Run_nothing_of_a_run_is_seen_by_the_next()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        // The links into /usr go too, so that no program can be executed any more: what follows is the shell's own.
        var first = await worker.RunAsync(
            "bash",
            "echo x > mine; rm -rf --no-preserve-root / 2>/dev/null; [ -e /lib64 ] || [ -e mine ] || echo gone",
            order => order with { Limits = order.Limits with { Timeout = TimeSpan.FromMinutes(5) } });
        Text(first.Stdout).ShouldBe("gone\n");

        var next = await worker.RunAsync("bash", "ls -A ~ /tmp; ls /usr/bin/env; cat /etc/shadow");

        Text(next.Stdout).ShouldBe("/home/user:\n\n/tmp:\n/usr/bin/env\n");
        Text(next.Stderr).ShouldContain("No such file");
    }

    [Fact]
    public async Task Run_pipeline_whose_reader_leaves_ends()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("bash", "yes | head -1");

        Text(report.Stdout).ShouldBe("y\n");
        report.Outcome.ShouldBe(Outcome.Succeeded);
    }

    [Fact]
    public async Task Run_daemonised_child_does_not_hold_the_answer()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var report = await worker.RunAsync("bash", "(sleep 1000 &) ; echo done");

        Text(report.Stdout).ShouldBe("done\n");
        report.Outcome.ShouldBe(Outcome.Succeeded);
        report.Timings.Ran.ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
