using Sandcastle.Linux.Errors;

namespace Sandcastle.Worker.Cgroups.Controllers;

internal sealed class CpuV1(CgroupDirectory directory) : ICpuController
{
    public void Yield(bool yields) => directory.TryWrite("cpu.idle"u8, yields ? 1 : 0);

    public void Limit(double cpus)
    {
        var errno = directory.TryWrite("cpu.cfs_quota_us"u8, CpuQuota.Micros(cpus));
        if (errno == Errno.EINVAL)
        {
            // v1 refuses a child more than its parent has. The parent's own quota then binds earlier than this limit would.
            errno = directory.TryWrite("cpu.cfs_quota_us"u8, -1);
        }

        if (errno != Errno.None)
        {
            throw new LinuxException("write", errno, directory.Describe("cpu.cfs_quota_us"u8));
        }
    }
}
