using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sandcastle.EndToEnd.Clients;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.EndToEnd.Starts;

/// <summary>
/// A machine that lacks something that every slot needs gets no daemon: one sentence, exit code 2, nothing left behind, and the doctor
/// says the same. What an operator may do without is allowed by name, and in every receipt then.
/// </summary>
public sealed class MissingFeatureTests(PoorMachine machine) : IDisposable
{
    private const string Refusal = "sandcastled: ";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("sandcastle-e2e-");

    /// <summary>Where a start puts what jails are made from.</summary>
    private string Stage => "/run/sandcastle/" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_data.FullName)).AsSpan(0, 6));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData("cgroup write", "^no limit of memory,pids,cpu can be enforced with the cgroups here \\(.*mounted read-only.*\\); .*--allow-unenforced=memory,pids,cpu")]
    [InlineData("user namespaces", "^no user namespaces: a trial slot failed at clone\\(1\\): ENOSPC; raise /proc/sys/user/max_user_namespaces, which is 0$")]
    [InlineData("userns", "^no user namespaces: a trial slot failed at clone\\(1\\): ENOSYS; allow them: .*seccomp profile")]
    [InlineData("overlay", "^no overlay in user namespaces: a trial slot failed at mount_overlay\\(0\\): EPERM; run Linux ")]
    [InlineData("overlay-module", "^no overlay in user namespaces: a trial slot failed at mount_overlay\\(0\\): ENODEV; .*overlay module loaded")]
    [InlineData("seccomp", "^no seccomp filters: seccomp\\(SECCOMP_GET_ACTION_AVAIL\\) failed with ENOSYS; run a kernel with CONFIG_SECCOMP_FILTER")]
    [InlineData("seccomp-install", "^no seccomp filters: a trial slot failed at seccomp\\(4\\): EACCES; run a kernel with CONFIG_SECCOMP_FILTER")]
    [InlineData("execution", "^no execution below /var/lib/sandcastle/stage: exec of sandcastle-jail failed with EACCES; mount it without noexec$")]
    [InlineData("proc", "^no fresh /proc in user namespaces: a trial slot failed at mount_proc\\(0\\): EPERM; unmask the container's /proc")]
    public async Task Start_without_a_feature_is_refused_in_one_sentence_and_the_doctor_says_the_same(string feature, string sentence)
    {
        var launcher = await machine.WithoutAsync(feature);
        var start = await StartAsync(launcher);

        start.ExitCode.ShouldBe(2, start.Stderr);
        start.Stdout.ShouldBeEmpty();
        var said = OneSentence(start);
        said.ShouldMatch(sentence);
        Cgroups(start.Pid).ShouldBeEmpty();
        Directory.Exists(Stage).ShouldBeFalse();

        var doctor = await PoorMachine.RunAsync(launcher, ClientProcess.Cli, "doctor", "--data-dir", _data.FullName);

        doctor.ExitCode.ShouldBe(1);
        doctor.Stdout.Split('\n').Where(line => line.StartsWith("!!", StringComparison.Ordinal))
            .ShouldContain(line => line.EndsWith(said, StringComparison.Ordinal), doctor.Stdout);
    }

    [Fact]
    public async Task Start_where_run_may_not_execute_runs_programs_from_elsewhere()
    {
        var launcher = await machine.WithoutAsync("execution in /run");
        await using var daemon = await Daemon.StartThroughAtAsync(launcher, FewTemplates.Home);
        using var client = daemon.Connect();

        var run = await client.RunAsync(new() { Template = "bash", Code = "echo here" }, cancellationToken: Cancelled);

        run.Stdout.ShouldBe("here\n", run.Stderr);
    }

    [Fact]
    public async Task Start_under_a_mask_that_shuts_others_out_runs_programs_and_one_that_lets_them_in_lets_nobody_into_the_books()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only a worker of root stages what slots of other ids must read");
        foreach (var mask in (string[])["077", "000"])
        {
            await using var daemon = await Daemon.StartThroughAtAsync(["/bin/sh", "-c", $"umask {mask}; exec \"$@\"", "sh"], FewTemplates.Home);
            using var client = daemon.Connect();

            var run = await client.RunAsync(new() { Template = "bash", Code = "umask" }, cancellationToken: Cancelled);

            run.Stdout.ShouldBe("0022\n", run.Stderr);
            foreach (var path in Directory.EnumerateFileSystemEntries(daemon.DataDirectory))
            {
                if (Path.GetFileName(path) is not "lock")
                {
                    (File.GetUnixFileMode(path) & (UnixFileMode)0b111_111).ShouldBe(UnixFileMode.None, path);
                }
            }
        }
    }

    [Fact]
    public async Task Start_without_cgroups_that_is_allowed_runs_programs_and_every_receipt_says_so()
    {
        var launcher = await machine.WithoutAsync("cgroup write");
        await using var daemon = await Daemon.StartThroughAtAsync(launcher, FewTemplates.Home, "--allow-unenforced=memory,pids,cpu");
        using var client = daemon.Connect();

        foreach (var template in (string[])["python", "bash"])
        {
            await daemon.RequireAsync(template, Cancelled);
            var run = await client.RunAsync(new() { Template = template, Code = "print(6 * 7)" }, cancellationToken: Cancelled);

            run.Receipt!.Unenforced.ShouldBe(["memory", "pids", "cpu"]);
            run.Outcome.ShouldBe(template == "python" ? Outcome.Succeeded : Outcome.Failed);
        }
    }

    [Theory]
    [InlineData("user namespaces", "no user namespaces: ")]
    [InlineData("overlay", "no overlay in user namespaces: ")]
    [InlineData("seccomp", "no seccomp filters: ")]
    public async Task Start_without_isolation_is_refused_whatever_is_allowed(string feature, string sentence)
    {
        var start = await StartAsync(await machine.WithoutAsync(feature), "--allow-unenforced=memory,pids,cpu");

        start.ExitCode.ShouldBe(2);
        OneSentence(start).ShouldStartWith(sentence);
    }

    /// <summary>All that it says, but for what it swept: where others work too, that may be anything.</summary>
    private static string OneSentence(ClientResult start) =>
        start.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.Contains(" Swept what a predecessor left: ", StringComparison.Ordinal))
            .ShouldHaveSingleItem(start.Stderr)
            .Replace(Refusal, "", StringComparison.Ordinal);

    private Task<ClientResult> StartAsync(string[] launcher, params string[] flags) =>
        PoorMachine.RunAsync(launcher, Repository.Daemon, ["--listen", "127.0.0.1:0", "--data-dir", _data.FullName, .. flags]);

    /// <summary>Of the worker that had this number.</summary>
    private static IEnumerable<string> Cgroups(int pid) => CgroupDirectories.All()
        .Where(directory => Path.GetFileName(directory).StartsWith(string.Create(CultureInfo.InvariantCulture, $"sandcastle-{pid}-"), StringComparison.Ordinal));
}
