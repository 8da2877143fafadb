using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Tests.Errors;

public sealed class LinuxExceptionTests
{
    [Theory]
    [InlineData("mount", Errno.EPERM, null, "mount: EPERM (Operation not permitted)")]
    [InlineData("mount(3)", Errno.ENOENT, "/proc", "mount(3): ENOENT (No such file or directory): /proc")]
    public void Message_names_call_and_errno(string call, Errno errno, string? subject, string expected) =>
        new LinuxException(call, errno, subject).Message.ShouldBe(expected);

    [Fact]
    public void Message_of_an_unknown_errno_keeps_its_number() =>
        new LinuxException("ioctl", (Errno)4000).Message.ShouldStartWith("ioctl: errno 4000 (");
}
