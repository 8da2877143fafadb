using Sandcastle.Linux.Mounts;
using Sandcastle.Worker.Staging;

namespace Sandcastle.Worker.Tests.Staging;

public sealed class StageLocationTests
{
    private const string Root = "21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n";

    [Theory]
    [InlineData(0, "", "/run/sandcastle/")]
    [InlineData(0, "22 21 0:20 / /run rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,size=10%\n", "/var/lib/sandcastle/stage/")]
    [InlineData(0, "22 21 0:20 / /run rw,noexec - tmpfs tmpfs rw\n23 22 0:21 / /run/sandcastle rw - tmpfs tmpfs rw\n", "/run/sandcastle/")]
    [InlineData(0, "22 21 0:20 / /run rw,noexec - tmpfs tmpfs rw\n23 21 0:21 / /run rw - tmpfs tmpfs rw\n", "/run/sandcastle/")]
    [InlineData(0, "22 21 0:20 / /run/sand rw,noexec - tmpfs tmpfs rw\n", "/run/sandcastle/")]
    [InlineData(1000, "22 21 0:20 / /run rw,noexec - tmpfs tmpfs rw\n", "/tmp/sandcastle-stage-1000/")]
    public void Of_is_where_the_jail_may_be_executed(uint uid, string mounts, string parent)
    {
        var location = StageLocation.Of("/var/lib/data", uid, MountTable.Parse(Root + mounts));

        location.ShouldStartWith(parent);
        location.ShouldBe(StageLocation.Of("/var/lib/../lib/data", uid, MountTable.Parse(Root + mounts)));
    }
}
