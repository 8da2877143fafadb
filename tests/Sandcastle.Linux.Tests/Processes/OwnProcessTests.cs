using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Processes;

namespace Sandcastle.Linux.Tests.Processes;

public sealed class OwnProcessTests
{
    [Fact]
    public void RaiseOpenFiles_leaves_soft_at_hard()
    {
        var limit = OwnProcess.RaiseOpenFiles();
        OwnProcess.GetLimit(Resource.OpenFiles).ShouldBe(new ResourceLimit(limit, limit));
    }

    [Fact]
    public void SetLimit_is_in_force()
    {
        var before = OwnProcess.GetLimit(Resource.Core);
        OwnProcess.SetLimit(Resource.Core, before with { Soft = 0 });
        OwnProcess.GetLimit(Resource.Core).ShouldBe(before with { Soft = 0 });
    }

    [Fact]
    public void AskForSeccomp_agrees_with_the_kernels_own_list()
    {
        const string Actions = "/proc/sys/kernel/seccomp/actions_avail";
        Assert.SkipUnless(File.Exists(Actions), "the kernel does not list its actions");
        OwnProcess.AskForSeccomp().ShouldBe(File.ReadAllText(Actions).Contains("kill_process", StringComparison.Ordinal) ? Errno.None : Errno.EINVAL);
    }

    [Fact]
    public void Tid_of_a_thread_is_listed_under_this_process() =>
        Directory.Exists($"/proc/self/task/{OwnProcess.Tid}").ShouldBeTrue();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Kill_of_a_group_is_refused(int pid) =>
        Should.Throw<ArgumentOutOfRangeException>(() => OwnProcess.Kill(pid, Signal.SIGKILL));
}
