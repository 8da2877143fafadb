namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>
/// <c>cpu.stat</c> of the unified hierarchy. It is there in every cgroup but the root, with or without the cpu controller, so it counts
/// on hybrid machines too: total and split in one reading.
/// </summary>
internal sealed class CpuStatMeter(CgroupDirectory directory) : ICpuMeter
{
    internal const string Source = "cpu.stat usage_usec";
    internal const string UserSource = "cpu.stat user_usec";
    internal const string SystemSource = "cpu.stat system_usec";

    private static readonly byte[] CpuStat = "cpu.stat"u8.ToArray();
    private readonly CgroupFile _file = new(directory, CpuStat);

    public CpuReading Read()
    {
        var text = _file.Read(stackalloc byte[1024]);
        return new CpuReading(Micros(text, "usage_usec "u8), Micros(text, "user_usec "u8), Micros(text, "system_usec "u8));
    }

    public void Dispose() => _file.Dispose();

    private static TimeSpan Micros(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key) =>
        CgroupText.TryFind(text, key, out var micros)
            ? new TimeSpan(micros * TimeSpan.TicksPerMicrosecond)
            : throw new InvalidDataException("cpu.stat lacks " + System.Text.Encoding.UTF8.GetString(key));
}
