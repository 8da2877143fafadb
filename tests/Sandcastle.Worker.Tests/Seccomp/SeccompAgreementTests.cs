using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Sandcastle.Worker.Jails.Seccomp;

namespace Sandcastle.Worker.Tests.Seccomp;

/// <summary>
/// The renderings of the policy agree, call by call: every call is made under the filter that each of them becomes, and its answer
/// compared with the policy's. Deviations are named here and in policy/seccomp/README.md; one that goes away fails a test too.
/// </summary>
public sealed class SeccompAgreementTests(SeccompProbe probe, SeccompVerdicts verdicts) : IClassFixture<SeccompVerdicts>
{
    // uretprobe and uprobe (x86-64): the kernel itself puts them into programs that are traced, and newer ones ask no filter. From
    // anybody else they end by a signal or an errno and do nothing.
    private static readonly string[] Unfilterable = ["335", "336"];

    private const string LoaderKnown = "20240729";

    [Fact]
    public async Task Bpf_answers_every_call_as_the_policy_says()
    {
        await probe.ReadyAsync();

        await CompareAsync(vectors => verdicts.BpfAsync(vectors, probe.FilterFile), _ => null);
    }

    [Fact]
    public async Task Kafel_in_nsjail_answers_every_call_as_the_policy_says()
    {
        var nsjail = WorkerOptions.Find("SANDCASTLE_NSJAIL", "nsjail");
        Assert.SkipUnless(nsjail is not null, "nsjail was found neither in SANDCASTLE_NSJAIL nor in PATH");
        var kafel = KafelPolicy.Render(SeccompProbe.Policy, await NumbersAsync());

        // Kafel's answer to another architecture is not the policy's to choose: the calling thread ends, not its process.
        await CompareAsync(
            vectors => verdicts.NsjailAsync(vectors, nsjail!, kafel),
            vector => vector.Line.StartsWith("i386:", StringComparison.Ordinal) ? "kill-thread" : null);
    }

    [Fact]
    public async Task Oci_in_crun_answers_every_call_as_the_policy_says()
    {
        Assert.SkipUnless(SeccompVerdicts.Crun is not null, "crun was not found in PATH");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "crun needs root for a container without a user namespace");

        // The specification has no word for other architectures; libseccomp's default is to end the calling thread.
        await CompareAsync(
            vectors => verdicts.CrunAsync(vectors, SeccompVerdicts.Crun!, OciSeccomp.Render(SeccompProbe.Policy)),
            vector => vector.Expected == SeccompVector.KillProcess ? "kill-thread" : null);
    }

    [Fact]
    public async Task Bpf_installed_by_a_guest_of_gvisor_answers_every_call_as_the_policy_says()
    {
        var runsc = RunscOrSkip();
        var filter = await probe.ReadyAsync();

        // gVisor knows one way to kill by a filter: it ends the thread.
        await CompareAsync(
            vectors => verdicts.GvisorAsync(vectors, runsc, filter.Program),
            vector => vector.Expected == SeccompVector.KillProcess ? "kill-thread" : null);
    }

    /// <summary>The counter-check: without a filter every call gets the mark's answer, so no answer above is the kernel's own.</summary>
    [Fact]
    public async Task No_filter_allows_every_call()
    {
        var vectors = Vectors(await NumbersAsync());

        var answers = await verdicts.UnfilteredAsync(vectors);

        vectors.Zip(answers).Where(pair => pair.Second != "allow").ShouldBeEmpty();
    }

    /// <summary>No decision may look at the argument in which the mark is.</summary>
    [Fact]
    public void No_decision_looks_at_the_sixth_argument() =>
        SeccompRules.Of(SeccompProbe.Policy).SelectMany(rule => rule.Conditions).ShouldAllBe(condition => condition.Argument < 5);

    /// <summary>Why slots in gVisor install the BPF program themselves instead of taking the JSON: its loader knows one errno.</summary>
    [Fact]
    public async Task Gvisor_loader_of_the_json_forgets_errnos_and_takes_no_kill_process()
    {
        var runsc = RunscOrSkip();
        var (_, version, _) = await SeccompProbe.RunAsync(runsc, ["--version"], "");
        Assert.SkipUnless(version.Contains(LoaderKnown, StringComparison.Ordinal), $"learnt from runsc {LoaderKnown}; here is {version.Split('\n')[0]}");
        var refusal = new JsonObject { ["names"] = new JsonArray("mincore"), ["action"] = "SCMP_ACT_ERRNO", ["errnoRet"] = 12 };
        var kill = new JsonObject { ["names"] = new JsonArray("mincore"), ["action"] = "SCMP_ACT_KILL_PROCESS" };

        (await verdicts.GvisorLoaderAsync(runsc, AllBut(refusal), "27")).ShouldBe("EPERM");
        (await verdicts.GvisorLoaderAsync(runsc, AllBut(kill), "27")).ShouldContain("invalid action: SCMP_ACT_KILL_PROCESS");
        (await verdicts.GvisorLoaderAsync(runsc, OciSeccomp.Render(SeccompProbe.Policy), "27")).ShouldContain("compiling seccomp program");
    }

    private static JsonObject AllBut(JsonObject entry) => new()
    {
        ["defaultAction"] = "SCMP_ACT_ALLOW",
        ["architectures"] = new JsonArray("SCMP_ARCH_X86_64"),
        ["syscalls"] = new JsonArray(entry),
    };

    private static string RunscOrSkip()
    {
        Assert.SkipUnless(SeccompVerdicts.Runsc is not null, "runsc was not found in PATH");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "runsc needs root for a container without a user namespace");
        return SeccompVerdicts.Runsc!;
    }

    private static IReadOnlyList<SeccompVector> Vectors(IReadOnlyDictionary<string, int> numbers) =>
        [.. SeccompVector.All(numbers).Where(vector => RuntimeInformation.OSArchitecture != Architecture.X64
            || !Unfilterable.Contains(vector.Line.Split(' ')[0]))];

    private static Task<IReadOnlyDictionary<string, int>> NumbersAsync() =>
        SeccompNumbers.ReadAsync(SeccompProbe.JailProgram, TestContext.Current.CancellationToken);

    /// <param name="answer">Asks a filter for its answers.</param>
    /// <param name="deviation">The answer where it is known to be another one than the policy's.</param>
    private static async Task CompareAsync(
        Func<IReadOnlyList<SeccompVector>, Task<IReadOnlyList<string>>> answer, Func<SeccompVector, string?> deviation)
    {
        var vectors = Vectors(await NumbersAsync());

        var answers = await answer(vectors);

        vectors.Count.ShouldBeGreaterThan(6_000);
        vectors.Zip(answers).Where(pair => pair.Second != (deviation(pair.First) ?? pair.First.Expected)).ShouldBeEmpty();
    }
}
