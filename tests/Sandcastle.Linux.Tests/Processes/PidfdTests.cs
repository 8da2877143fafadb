using System.Diagnostics;
using System.Text;
using Sandcastle.Linux.Processes;

namespace Sandcastle.Linux.Tests.Processes;

public sealed class PidfdTests
{
    [Fact]
    public void SendSignal_ends_the_process_and_then_finds_none()
    {
        using var child = Process.Start("sleep", "1000");
        using var pidfd = Pidfd.TryOpen(child.Id).ShouldNotBeNull();
        pidfd.ReadPid().ShouldBe(child.Id);

        pidfd.SendSignal(Signal.SIGKILL).ShouldBeTrue();
        child.WaitForExit();

        child.ExitCode.ShouldBe(128 + 9);
        pidfd.SendSignal(Signal.SIGKILL).ShouldBeFalse();
        pidfd.ReadPid().ShouldBe(-1);
        Pidfd.TryOpen(child.Id).ShouldBeNull();
    }

    [Fact]
    public void ParsePid_of_another_descriptor_is_refused() =>
        Should.Throw<InvalidDataException>(() => Pidfd.ParsePid("pos:\t0\nflags:\t02\nmnt_id:\t15\n"u8));

    [Fact]
    public void ParsePid_reads_what_the_kernel_prints() =>
        Pidfd.ParsePid(Encoding.UTF8.GetBytes("pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t2\nPid:\t4711\nNSpid:\t4711\n")).ShouldBe(4711);
}
