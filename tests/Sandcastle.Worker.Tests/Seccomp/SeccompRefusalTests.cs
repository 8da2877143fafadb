using System.Runtime.InteropServices;
using Sandcastle.Linux.Errors;
using Sandcastle.Worker.Jails.Seccomp;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Tests.Seccomp;

/// <summary>The filter in the kernel: every call of every group is made, in a process of its own, and its answer compared.</summary>
public sealed class SeccompRefusalTests(SeccompProbe probe)
{
    /// <summary>Never harmful, hardly ever right: each call fails for a reason of its own, if it is reached.</summary>
    private const string Nonsense = " -1 -1 -1 -1 -1 -1";

    // The nonsense would leave a message queue behind.
    private static readonly Dictionary<string, string> Careful = new(StringComparer.Ordinal) { ["msgget"] = " -1 0" };

    // rt_sigreturn takes its stack from a handler's frame; a child of vfork must not return from the function that made it.
    private static readonly string[] NotCallable = ["rt_sigreturn", "vfork"];

    // Answer something else than EPERM to a program without privileges when no filter stands before them.
    private static readonly string[] OthersWithoutFilter =
    [
        "unshare", "setns", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "keyctl", "add_key", "request_key",
        "name_to_handle_at", "sync", "syncfs",
    ];

    private static readonly (string Call, string Answer)[] Decided =
    [
        // Threads and processes, but no namespaces, each flag by itself; the kernel reads the flags as 32 bits.
        ("clone 17", "ok"),
        ("clone 0", "ok"),
        ("clone 0x00020011", "EPERM"),
        ("clone 0x02000011", "EPERM"),
        ("clone 0x04000011", "EPERM"),
        ("clone 0x08000011", "EPERM"),
        ("clone 0x10000011", "EPERM"),
        ("clone 0x20000011", "EPERM"),
        ("clone 0x40000011", "EPERM"),
        ("clone 0x7e020011", "EPERM"),
        ("clone 0xffffffff10000011", "EPERM"),
        ("clone 0x8011", "EPERM"),
        ("clone 0x100008011", "EPERM"),
        ("clone3 0 0", "ENOSYS"),
        ("clone3 -1 88", "ENOSYS"),

        // Typing into a terminal, also with rubbish in the half that the kernel ignores; and its harmless neighbours.
        ("ioctl terminal 0x5412 path:x", "EPERM"),
        ("ioctl terminal 0x100005412 path:x", "EPERM"),
        ("ioctl terminal 0xffffffff00005412 path:x", "EPERM"),
        ("ioctl terminal 0x541c path:x", "EPERM"),
        ("ioctl terminal 0x80000000541c path:x", "EPERM"),
        ("ioctl terminal 0x541d", "EPERM"),
        ("ioctl terminal 0x5423", "EPERM"),
        ("ioctl terminal 0x5413 path:enough-room", "ok"),
        ("ioctl terminal 0xdeadbeef00005413 path:enough-room", "ok"),

        // Families, types and protocols.
        ("socket 1 1 0", "ok"),
        ("socket 1 0x80802 0", "ok"),
        ("socket 1 5 0", "ok"),
        ("socket 1 3 0", "ESOCKTNOSUPPORT"),
        ("socket 2 1 0", "ok"),
        ("socket 2 0x80801 6", "ok"),
        ("socket 2 2 17", "ok"),
        ("socket 2 3 1", "EPERM"),
        ("socket 2 10 3", "EPERM"),
        ("socket 2 2 1", "EPROTONOSUPPORT"),
        ("socket 2 1 132", "EPROTONOSUPPORT"),
        ("socket 2 1 262", "EPROTONOSUPPORT"),
        ("socket 2 5 132", "EPERM"),
        ("socket 10 3 58", "EPERM"),
        ("socket 16 3 0", "ok"),
        ("socket 16 0x80002 0", "ok"),
        ("socket 16 3 4", "EPROTONOSUPPORT"),
        ("socket 16 3 12", "EPROTONOSUPPORT"),
        ("socket 17 3 0x300", "EAFNOSUPPORT"),
        ("socket 29 3 1", "EAFNOSUPPORT"),
        ("socket 30 1 0", "EAFNOSUPPORT"),
        ("socket 31 3 1", "EAFNOSUPPORT"),
        ("socket 38 5 0", "EAFNOSUPPORT"),
        ("socket 40 1 0", "EAFNOSUPPORT"),
        ("socket 44 3 0", "EAFNOSUPPORT"),
        ("socket 0x100000028 1 0", "EAFNOSUPPORT"),
        ("socket 0x100000002 1 0", "EAFNOSUPPORT"),
        ("socket 2 1 0x100000006", "EPROTONOSUPPORT"),
        ("socketpair 1 1 0 path:sixteen-bytes-and-more", "ok"),
        ("socketpair 30 1 0 path:sixteen-bytes-and-more", "EAFNOSUPPORT"),
        ("setsockopt socket 1 2 path:four 4", "ok"),
        ("setsockopt socket 1 26 path:x 16", "EPERM"),
        ("setsockopt socket 1 50 path:x 4", "EPERM"),
        ("setsockopt socket 1 51 path:x 16", "EPERM"),
        ("setsockopt socket 0x100000001 26 path:x 16", "ENOPROTOOPT"),
        ("setsockopt socket 1 0x10000001a path:x 16", "EPERM"),
        ("setsockopt socket 6 1 path:four 4", "ok"),
        ("setsockopt socket 6 31 path:tls 3", "ENOENT"),
        ("setsockopt socket 132 0 path:x 4", "ENOPROTOOPT"),

        ("personality 0", "ok"),
        ("personality 0xffffffff", "ok"),
        ("personality 0x40000", "ENOSYS"),
        ("personality 0x400000", "ENOSYS"),
        ("personality 0x100000", "ENOSYS"),
        ("personality 0x100040000", "ENOSYS"),

        ("prlimit64 0 7 0 0", "ok"),
        ("prlimit64 1 7 0 0", "ENOSYS"),
        ("prlimit64 0x100000000 7 0 0", "ENOSYS"),
        ("prctl 15 path:name", "ok"),
        ("prctl 38 1 0 0 0", "ok"),
        ("prctl 36 1", "ok"),
        ("prctl 22 2 path:x", "EINVAL"),
        ("prctl 35 1", "EINVAL"),
        ("prctl 62 1", "EINVAL"),
        ("prctl 0x100000016 2 path:x", "EINVAL"),
        ("seccomp 1 0 path:x", "ENOSYS"),

        ("mmap 0 4096 3 0x22 -1 0", "ok"),
        ("mmap 0 0x200000 3 0x40022 -1 0", "ENOMEM"),
        ("memfd_create path:x 0", "ok"),
        ("memfd_create path:x 4", "ENOMEM"),
        ("pipe2 path:sixteen-bytes-and-more 0x80000", "ok"),
        ("pipe2 path:sixteen-bytes-and-more 0x80", "ENOPKG"),

        // What others would notice of a file that all read, or tell.
        ("fadvise64 file 0 0 2", "ok"),
        ("fadvise64 file 0 0 5", "ok"),
        ("fadvise64 file 0 0 4", "ENOSYS"),
        ("inotify_add_watch inotify path:/ 0x3ce", "ok"),
        ("inotify_add_watch inotify path:/ 0x20", "EPERM"),
        ("inotify_add_watch inotify path:/ 0xfff", "EPERM"),
        ("inotify_add_watch inotify path:/ 0x100000001", "EPERM"),
        ("fcntl 0 1026 1", "EINVAL"),
        ("fcntl 0 0x100000402 1", "EINVAL"),
        ("fcntl 0 1 0", "ok"),
    ];

    public static TheoryData<string> GroupsThatAllow => new(GroupsWith(action => action == SeccompAction.Allow));

    public static TheoryData<string> GroupsThatRefuse => new(GroupsWith(action => action.Kind is RuleAction.Errno or RuleAction.Done));

    [Theory]
    [MemberData(nameof(GroupsThatRefuse))]
    public async Task Group_that_refuses_answers_its_errno(string name)
    {
        var group = SeccompProbe.Policy.Groups.Single(group => group.Name == name);
        var calls = await CallableAsync(group);

        var answers = await probe.AnswersAsync(calls.Select(call => call + Nonsense));

        calls.Zip(answers).ShouldBe(calls.Select(call => (call, group.Verdict.ToString()!)));
    }

    [Theory]
    [MemberData(nameof(GroupsThatAllow))]
    public async Task Group_that_allows_answers_as_without_filter(string name)
    {
        var calls = await CallableAsync(SeccompProbe.Policy.Groups.Single(group => group.Name == name));
        var lines = calls.Except(NotCallable).Select(call => call + Careful.GetValueOrDefault(call, Nonsense)).ToList();

        var answers = await probe.AnswersAsync(lines);

        lines.Zip(answers).ShouldBe(lines.Zip(await probe.AnswersAsync(lines, filtered: false)));
    }

    /// <summary>The counter-check: these are refused by the filter and by nothing else.</summary>
    [Fact]
    public async Task Refused_call_without_filter_answers_otherwise()
    {
        var lines = OthersWithoutFilter.Select(call => call + Nonsense).ToList();

        var answers = await probe.AnswersAsync(lines, filtered: false);

        lines.Zip(answers).Where(pair => pair.Second is "EPERM" or "ENOSYS" or "unknown").ShouldBeEmpty();
    }

    [Fact]
    public async Task Decided_call_gets_the_answer_for_its_arguments()
    {
        var answers = await probe.AnswersAsync(Decided.Select(line => line.Call));

        Decided.Select(line => line.Call).Zip(answers).ShouldBe(Decided);
    }

    [Fact]
    public async Task Every_other_socket_family_is_unsupported()
    {
        int[] allowed = [1, 2, 10, 16];
        var families = Enumerable.Range(0, 64).Except(allowed).ToList();

        var answers = await probe.AnswersAsync(families.Select(family => $"socket {family} 1 0"));

        answers.ShouldAllBe(answer => answer == "EAFNOSUPPORT");
        answers.Count.ShouldBe(60);
    }

    [Fact]
    public void Every_decision_has_a_refusal_and_a_permission_that_were_tried()
    {
        var decided = SeccompProbe.Policy.Groups.Where(group => group.Verdict is SeccompDecision).SelectMany(group => group.Calls);
        var tried = Decided.ToLookup(line => line.Call.Split(' ')[0], line => line.Answer == "ok");

        // mknod has its tests below, since it needs a path.
        decided.Except(["mknod", "mknodat"]).Where(call => !tried[call].Contains(true) || !tried[call].Contains(false)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, "ok")]
    [InlineData(0x8000, "ok")]
    [InlineData(0x1000, "ok")]
    [InlineData(0xc000, "ok")]
    [InlineData(0x2000, "EPERM")]
    [InlineData(0x6000, "EPERM")]
    [InlineData(0x4000, "EPERM")]
    public async Task Node_of_a_kind_is_made_or_refused(int kind, string answer)
    {
        var mode = kind | 0x180;
        var path = Path.Combine(probe.Scratch, $"node-{kind}-");
        List<string> lines = [$"mknodat -100 path:{path}at {mode} 0", $"mknodat -100 path:{path}high {mode + (1L << 32)} 0"];
        if (RuntimeInformation.OSArchitecture == Architecture.X64)
        {
            lines.Add($"mknod path:{path}old {mode} 0");
        }

        (await probe.AnswersAsync(lines)).ShouldAllBe(given => given == answer);
    }

    [Fact]
    public async Task Unknown_number_answers_ENOSYS() =>
        (await probe.AnswersAsync(["480", "999", "100000", "-1", "0x3fffffff"])).ShouldAllBe(answer => answer == nameof(Errno.ENOSYS));

    [Fact]
    public async Task Call_of_another_architecture_ends_the_process()
    {
        Assert.SkipUnless(RuntimeInformation.OSArchitecture == Architecture.X64, "only x86-64 has other gates");

        // getpid and write by x32 numbers, getpid by the 32-bit gate; without the filter the process lives on.
        (await probe.AnswersAsync(["0x40000027", "0x40000001", "i386:20"])).ShouldAllBe(answer => answer == "SIGSYS");
        (await probe.AnswersAsync(["0x40000027", "i386:20"], filtered: false)).ShouldAllBe(answer => answer != "SIGSYS");
    }

    private static IEnumerable<string> GroupsWith(Func<SeccompAction, bool> wanted) =>
        SeccompProbe.Policy.Groups.Where(group => group.Verdict is SeccompAction action && wanted(action)).Select(group => group.Name);

    private async Task<List<string>> CallableAsync(SeccompGroup group)
    {
        var numbers = await probe.NumbersAsync(RuntimeInformation.OSArchitecture);
        return [.. group.Calls.Where(numbers.ContainsKey)];
    }
}
