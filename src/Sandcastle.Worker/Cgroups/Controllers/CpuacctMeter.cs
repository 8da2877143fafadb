namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>The v1 <c>cpuacct</c> controller, where there is no unified hierarchy. Nanoseconds; the split costs two more readings.</summary>
internal sealed class CpuacctMeter(CgroupDirectory directory) : ICpuMeter
{
    internal const string Source = "cpuacct.usage";
    internal const string UserSource = "cpuacct.usage_user";
    internal const string SystemSource = "cpuacct.usage_sys";

    private static readonly byte[] Usage = "cpuacct.usage"u8.ToArray();
    private static readonly byte[] UsageUser = "cpuacct.usage_user"u8.ToArray();
    private static readonly byte[] UsageSystem = "cpuacct.usage_sys"u8.ToArray();
    private readonly CgroupFile _usage = new(directory, Usage);
    private readonly CgroupFile _user = new(directory, UsageUser);
    private readonly CgroupFile _system = new(directory, UsageSystem);

    public CpuReading Read()
    {
        var total = Nanoseconds(_usage);
        var (user, system) = (Nanoseconds(_user), Nanoseconds(_system));
        // Whole ticks go to one side or the other, so the two do not add up to the total. Scaled to it, as cpu.stat does.
        var share = user + system > TimeSpan.Zero ? user / (user + system) : 1;
        return new CpuReading(total, total * share, total - (total * share));
    }

    public void Dispose()
    {
        _usage.Dispose();
        _user.Dispose();
        _system.Dispose();
    }

    private static TimeSpan Nanoseconds(CgroupFile file) => new(file.ReadNumber() / TimeSpan.NanosecondsPerTick);
}
