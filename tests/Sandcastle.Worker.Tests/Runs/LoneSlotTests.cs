using System.Text;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>Slots that stand alone, each behind nsjail or runsc: the same work, the same limits, the same receipts.</summary>
public sealed class LoneSlotTests
{
    public static TheoryData<string> Profiles => ["nsjail", "gvisor"];

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Every_language_runs_and_the_receipt_names_profile_and_keep(string profile)
    {
        await using var worker = await StartAsync(profile);

        foreach (var (template, code) in new[] { ("python", "print(6 * 7)"), ("bash", "echo 42"), ("node", "console.log(42)") })
        {
            var report = await RunAsync(worker, template, code);
            (report.Outcome, Text(report.Stdout)).ShouldBe((Outcome.Succeeded, "42\n"), Text(report.Stderr));
            (report.Receipt.Profile, report.Receipt.Keep).ShouldBe((profile, profile == "gvisor" ? "runsc" : "nsjail"));
            report.Receipt.CpuMicros.ShouldBeGreaterThan(0);
            report.Receipt.Unenforced.ShouldBe(profile == "gvisor" ? ["diskInodes"] : []);
        }

        var command = await RunAsync(worker, "python", "", order => order with { Code = null, Argv = ["sh", "-c", "cat; echo $0 $HOME; exit 3", "x"], Stdin = "in "u8.ToArray() });
        (command.ExitCode, Text(command.Stdout)).ShouldBe((3, "in x /home/user\n"), Text(command.Stderr));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Files_go_in_and_come_out_as_the_slots_user(string profile)
    {
        await using var worker = await StartAsync(profile);

        var report = await RunAsync(
            worker,
            "python",
            """
            import os
            print(open("in/a.txt").read(), os.stat("in/a.txt").st_uid, os.stat("in").st_uid)
            open("in/a.txt", "a").write("more")
            os.makedirs("out/deep"); open("out/deep/b.txt", "w").write("b")
            os.symlink("/etc/passwd", "out/link"); os.symlink("/proc/1/environ", "out/magic"); os.mkfifo("out/fifo")
            """,
            order => order with { Files = [new RunFile("in/a.txt", "given"u8.ToArray())], Collect = ["in/*", "out/**"] });

        Text(report.Stdout).ShouldBe("given 1000 1000\n", Text(report.Stderr));
        report.Files.Select(file => (file.Path, Text(file.Content))).ShouldBe([("in/a.txt", "givenmore"), ("out/deep/b.txt", "b")], ignoreOrder: true);
    }

    [Theory]
    [InlineData("fork")]
    [InlineData("nsjail")]
    [InlineData("gvisor")]
    public async Task Trees_are_read_only_all_the_way_down_and_their_owners_are_nobody(string profile)
    {
        using var tree = new TemporaryDirectory();
        File.SetUnixFileMode(tree.Location, (UnixFileMode)0x1ED);
        await MakeAsync($"mkdir {tree.Location}/sub && mount -t tmpfs -o mode=1777 tmpfs {tree.Location}/sub");
        try
        {
            tree.Write("own", "secret");
            await MakeAsync($"chown 1000:1000 {tree.Location}/own && chmod 600 {tree.Location}/own");
            await using var worker = await StartAsync(profile, $"trees: [{{source: {tree.Location}, target: /opt/tree}}]\n");

            var report = await RunAsync(worker, "python", """
                import os
                def tries(what, call):
                    try: call()
                    except OSError as e: return
                    print(what)
                tries("write", lambda: open("/opt/tree/x", "w"))
                tries("write below", lambda: open("/opt/tree/sub/x", "w"))
                tries("read", lambda: open("/opt/tree/own").read())
                tries("chmod", lambda: os.chmod("/opt/tree/own", 0o777))
                tries("etc", lambda: open("/etc/x", "w"))
                print(os.stat("/opt/tree/own").st_uid == os.getuid(), os.path.exists("/opt/tree/sub"))
                """);

            Text(report.Stdout).ShouldBe("False True\n", Text(report.Stderr));
            Directory.EnumerateFileSystemEntries(tree.PathTo("sub")).ShouldBeEmpty();
        }
        finally
        {
            await MakeAsync($"umount {tree.Location}/sub");
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task A_sparse_file_costs_the_others_nothing(string profile)
    {
        await using var worker = await StartAsync(profile);

        var report = await RunAsync(
            worker,
            "python",
            "open('big', 'w').truncate(1 << 40); open('small', 'w').write('here')",
            order => order with { Collect = ["**"] });

        report.Files.Select(file => file.Path).ShouldBe(["small"]);
        report.CollectErrors.ShouldHaveSingleItem().ShouldStartWith("big: ");
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Nothing_of_the_init_is_in_a_programs_reach(string profile)
    {
        await using var worker = await StartAsync(profile);

        var report = await RunAsync(worker, "python", """
            import os
            for fd in range(3):
                try: os.write(os.open(f"/proc/1/fd/{fd}", os.O_WRONLY), b"forged\n")
                except OSError: pass
            for path in ("/proc/1/mem", "/proc/1/root/etc"):
                try: os.open(path, os.O_RDONLY); print(path)
                except OSError: pass
            os.rename("/home/user", "/h") if os.access("/", os.W_OK) else None
            raise SystemExit(3)
            """);

        (report.Outcome, Text(report.Stdout)).ShouldBe((Outcome.Failed, ""), Text(report.Stderr));
        worker.Log.ShouldNotContain(line => line.Contains("forged"));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Limits_of_the_run_are_in_force(string profile)
    {
        await using var worker = await StartAsync(profile);
        const string Fill = "import os\nfor name in ('/tmp/x', '/home/user/x', '/dev/shm/x'):\n  with open(name, 'wb') as f:\n    for _ in range(20): f.write(b'x' * (1 << 20))\n";

        var full = await RunAsync(worker, "python", Fill, order => order with { Limits = order.Limits with { DiskBytes = 32 << 20 } });
        full.Outcome.ShouldBe(Outcome.DiskFull, Text(full.Stderr));
        var fits = await RunAsync(worker, "python", Fill, order => order with { Limits = order.Limits with { DiskBytes = 64 << 20 } });
        fits.Outcome.ShouldBe(Outcome.Succeeded, Text(fits.Stderr));

        // Filling it takes a second kernel on a busy machine its time.
        var hog = await RunAsync(
            worker, "python", "data = []\nwhile True: data.append(bytearray(1 << 20))", order => order with { Limits = order.Limits with { Timeout = TimeSpan.FromMinutes(2) } });
        hog.Outcome.ShouldBe(Outcome.OutOfMemory, Text(hog.Stderr));

        var sleeper = await RunAsync(worker, "bash", "sleep 60 & sleep 60", order => order with { Limits = order.Limits with { Timeout = TimeSpan.FromSeconds(1) } });
        sleeper.Outcome.ShouldBe(Outcome.TimedOut);

        var forks = await RunAsync(
            worker,
            "python",
            "import os, time\nn = 0\ntry:\n  while n < 200:\n    if os.fork() == 0: time.sleep(30); os._exit(0)\n    n += 1\nexcept OSError: pass\nprint(n)\nos._exit(0)",
            order => order with { Limits = order.Limits with { Pids = 20 } });
        int.Parse(Text(forks.Stdout), System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(10, 20);
    }

    [Theory]
    [InlineData("fork", new[] { "openFiles" })]
    [InlineData("nsjail", new[] { "openFiles" })]
    [InlineData("gvisor", new[] { "diskInodes", "openFiles", "pids" })]
    public async Task Limits_that_a_booted_node_takes_too_late_are_in_the_receipt(string profile, string[] expected)
    {
        await using var worker = await StartAsync(profile);

        var report = await RunAsync(worker, "node", "console.log(1)", order => order with { Limits = order.Limits with { OpenFiles = 40, Pids = 32 } });

        report.Receipt.Unenforced.ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Wall_killed_interrupts_its_run_and_leaves_nothing(string profile)
    {
        await using var worker = await StartAsync(profile);
        var output = new FirstOutput();
        var running = RunAsync(worker, "python", "import time\nprint('here', flush=True)\ntime.sleep(60)", output: output);
        await output.Seen.WaitAsync(TestContext.Current.CancellationToken);

        foreach (var wall in ProcessTree.Read(worker.StageDirectory).Where(entry => IsWall(entry.Command, profile)))
        {
            wall.Kill();
        }

        (await running).Outcome.ShouldBe(Outcome.Interrupted);
        (await RunAsync(worker, "python", "print(1)")).Outcome.ShouldBe(Outcome.Succeeded);
        await RunningWorker.WaitForAsync(() => Containers(worker) <= worker.Host.Templates.Sum(t => t.SlotsWanted), "states of ended containers to go");
    }

    [Theory]
    [InlineData("nsjail", "SANDCASTLE_NSJAIL")]
    [InlineData("gvisor", "SANDCASTLE_RUNSC")]
    public async Task Profile_without_its_program_is_unavailable_and_says_why(string profile, string variable)
    {
        Assert.SkipUnless(RunningWorker.Missing is null, RunningWorker.Missing ?? "");
        using var templates = TemplatesOf(profile);
        await using var worker = new RunningWorker();
        await worker.StartAsync(options => options with { Nsjail = null, Runsc = null, TemplateDirectories = [templates.Location] });

        var refusal = await Should.ThrowAsync<RefusalException>(() => RunAsync(worker, "python", "1"));

        refusal.Refusal.Kind.ShouldBe(RefusalKind.TemplateUnavailable);
        refusal.Message.ShouldContain(variable);
        worker.Status("python").UnavailableReason.ShouldNotBeNull().ShouldContain(variable);
    }

    private static async Task MakeAsync(string command)
    {
        Assert.SkipUnless(RunningWorker.Missing is null, RunningWorker.Missing ?? "");
        using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", command]);
        await shell.WaitForExitAsync();
        shell.ExitCode.ShouldBe(0, command);
    }

    private static async Task<RunningWorker> StartAsync(string profile, string more = "")
    {
        Assert.SkipUnless(RunningWorker.Missing is null, RunningWorker.Missing ?? "");
        var program = profile == "gvisor" ? WorkerOptions.Find("SANDCASTLE_RUNSC", "runsc") : WorkerOptions.Find("SANDCASTLE_NSJAIL", "nsjail");
        Assert.SkipWhen(program is null && profile != "fork", $"the program of profile {profile} is not installed");
        using var templates = TemplatesOf(profile, more);
        var worker = new RunningWorker();
        await worker.StartAsync(options => options with { TemplateDirectories = [templates.Location] });
        return worker;
    }

    private static TemporaryDirectory TemplatesOf(string profile, string more = "")
    {
        var directory = new TemporaryDirectory();
        directory.Write("python.yaml", $"name: python\nlanguage: python\npreload: [json]\nready: 1\nprofile: {profile}\n{more}");
        directory.Write("node.yaml", $"name: node\nlanguage: node\nready: 1\nprofile: {profile}\n");
        directory.Write("bash.yaml", $"name: bash\nlanguage: command\ncommand: [/bin/bash, -c, '{{code}}', bash]\nready: 1\nprofile: {profile}\n");
        return directory;
    }

    private static async Task<RunReport> RunAsync(
        RunningWorker worker, string template, string code, Func<RunOrder, RunOrder>? adjust = null, IRunOutput? output = null)
    {
        Assert.SkipUnless(template != "node" || worker.Status(template).Available, "node is not installed");
        return await worker.RunAsync(template, code, adjust, output);
    }

    private static bool IsWall(string command, string profile) => profile == "gvisor"
        ? command.StartsWith("runsc-sandbox", StringComparison.Ordinal)
        : command.Contains("nsjail --config", StringComparison.Ordinal);

    private static int Containers(RunningWorker worker) =>
        Directory.EnumerateDirectories(worker.StageDirectory, "slot-*", SearchOption.AllDirectories).Count();

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private sealed class FirstOutput : IRunOutput
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task;

        public void OnStarted()
        {
        }

        public void OnStdout(ReadOnlySpan<byte> bytes) => _seen.TrySetResult();

        public void OnStderr(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
