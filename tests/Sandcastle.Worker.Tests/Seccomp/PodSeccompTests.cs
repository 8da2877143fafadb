using System.Text.Encodings.Web;
using System.Text.Json;
using Sandcastle.Worker.Jails.Seccomp;
using Sandcastle.Worker.Tests.Runs;

namespace Sandcastle.Worker.Tests.Seccomp;

/// <summary>The profile of a worker's Pod: what is shipped is what is rendered, a worker lives under it, and it allows no more than that takes.</summary>
public sealed class PodSeccompTests(SeccompProbe probe) : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly SeccompPolicy Additions = SeccompPolicy.Load(Repository.PathTo("policy", "pod"));

    private readonly TemporaryDirectory _directory = new();

    /// <summary>But for dropping groups, since where that is refused the jail goes on; and flushing, which would seem to be done.</summary>
    public static TheoryData<string> Groups =>
        [.. Additions.Groups.Select(group => group.Name).Where(name => name is not ("becoming-the-slots-user" or "writing-through-to-disk"))];

    private static string Daemon => Environment.GetEnvironmentVariable("SANDCASTLED") ?? Repository.PathTo("bin", "sandcastled");

    [Fact]
    public void Profile_in_deploy_is_the_rendered_one()
    {
        var shipped = Repository.PathTo("deploy", "base", "node", "sandcastle.json");

        Golden.CompareFile(shipped, PodSeccomp.Render(SeccompProbe.Policy, Additions).ToJsonString(Indented) + "\n");
    }

    [Fact]
    public void Additions_are_calls_that_guests_may_not_make_freely() =>
        Additions.Groups.SelectMany(group => group.Calls).Where(call => VerdictOf(call) == SeccompAction.Allow).ShouldBeEmpty();

    [Fact]
    public void Merged_policy_speaks_of_every_call_of_both_once()
    {
        var merged = PodSeccomp.Merge(SeccompProbe.Policy, Additions).Groups.SelectMany(group => group.Calls).ToList();

        merged.ShouldBeUnique();
        merged.ShouldBe(
            Additions.Groups.Concat(SeccompProbe.Policy.Groups).SelectMany(group => group.Calls).Distinct(StringComparer.Ordinal),
            ignoreOrder: true);
    }

    /// <summary>A receipt is on the disk before anybody is told of it.</summary>
    [Theory]
    [InlineData("fsync")]
    [InlineData("fdatasync")]
    public void Profile_lets_the_worker_flush(string call) =>
        PodSeccomp.Merge(SeccompProbe.Policy, Additions).Evaluate(call, new ulong[6]).ShouldBe(SeccompAction.Allow);

    /// <summary>Whatever escapes from containers use: no worker needs it.</summary>
    [Theory]
    [InlineData("bpf")]
    [InlineData("init_module")]
    [InlineData("io_uring_setup")]
    [InlineData("kexec_load")]
    [InlineData("keyctl")]
    [InlineData("open_by_handle_at")]
    [InlineData("perf_event_open")]
    [InlineData("ptrace")]
    [InlineData("userfaultfd")]
    public void Profile_still_refuses(string call) =>
        PodSeccomp.Merge(SeccompProbe.Policy, Additions).Evaluate(call, new ulong[6]).ToString().ShouldBe("EPERM");

    /// <summary>Every trial slot, keep and run of doctor is made under it; what it finds is what it finds without.</summary>
    [Fact]
    public async Task Worker_under_the_profile_lacks_nothing_that_it_has_without()
    {
        SkipWithoutDaemon();
        var free = await SeccompProbe.RunAsync(Daemon, Doctor("free"), "");

        var confined = await ExamineAsync(PodSeccomp.Merge(SeccompProbe.Policy, Additions));

        confined.ExitCode.ShouldBe(0, confined.Output + confined.Error);
        StatesOf(confined.Output).ShouldBe(StatesOf(free.Output));
    }

    /// <summary>The least that is needed: a worker that lacks one group's calls says that something is missing.</summary>
    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Worker_without_a_group_of_the_additions_lacks_something(string name)
    {
        SkipWithoutDaemon();
        var less = new SeccompPolicy { Groups = [.. Additions.Groups.Where(group => group.Name != name)] };

        var (exitCode, output, _) = await ExamineAsync(PodSeccomp.Merge(SeccompProbe.Policy, less));

        exitCode.ShouldNotBe(0, output);
    }

    public void Dispose() => _directory.Dispose();

    private static SeccompVerdict? VerdictOf(string call) =>
        SeccompProbe.Policy.Groups.FirstOrDefault(group => group.Calls.Contains(call))?.Verdict;

    private static void SkipWithoutDaemon()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        Assert.SkipUnless(File.Exists(Daemon), "the daemon was not built: make build");
    }

    private static List<string> StatesOf(string findings)
    {
        using var json = JsonDocument.Parse(findings);
        return [.. json.RootElement.EnumerateArray().Select(finding => $"{finding.GetProperty("name")}: {finding.GetProperty("state")}")];
    }

    private string[] Doctor(string data) => ["doctor", "-o", "json", "--data-dir", _directory.PathTo(data)];

    private async Task<(int ExitCode, string Output, string Error)> ExamineAsync(SeccompPolicy policy)
    {
        await probe.ReadyAsync();
        var filter = await SeccompFilter.CompileAsync(policy, SeccompProbe.JailProgram, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_directory.PathTo("pod.bpf"), filter.Program, TestContext.Current.CancellationToken);
        return await SeccompProbe.RunAsync(probe.Program, ["execute", _directory.PathTo("pod.bpf"), Daemon, .. Doctor("confined")], "");
    }
}
