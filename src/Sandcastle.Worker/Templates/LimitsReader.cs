using Sandcastle.Protocol.Limits;

namespace Sandcastle.Worker.Templates;

/// <summary>Limits as a template writes them: the names and units of a request's <c>limits</c>.</summary>
internal static class LimitsReader
{
    private const long KiB = 1L << 10;
    private const long MiB = 1L << 20;

    /// <summary>Beyond any machine, and far from overflow in any unit.</summary>
    private const long Most = 1L << 40;

    internal static RunLimits Read(YamlFields fields, RunLimits fallback)
    {
        var limits = new RunLimits
        {
            Timeout = TimeSpan.FromMilliseconds(fields.Whole("timeoutMs", (long)fallback.Timeout.TotalMilliseconds, 1, Most)),
            Cpus = fields.Number("cpus", fallback.Cpus, 0.01, 4096),
            MemoryBytes = fields.Whole("memoryMiB", fallback.MemoryBytes / MiB, 1, Most / MiB) * MiB,
            Pids = (int)fields.Whole("pids", fallback.Pids, 2, 1 << 22),
            DiskBytes = fields.Whole("diskMiB", fallback.DiskBytes / MiB, 1, Most / MiB) * MiB,
            DiskInodes = (int)fields.Whole("diskInodes", fallback.DiskInodes, 64, int.MaxValue),
            OutputBytes = fields.Whole("outputKiB", fallback.OutputBytes / KiB, 1, Most / KiB) * KiB,
            OpenFiles = (int)fields.Whole("openFiles", fallback.OpenFiles, 16, 1 << 20),
        };
        fields.RefuseUnread();
        return limits;
    }

    /// <summary>Names of the limits of which the default is above the maximum.</summary>
    internal static IEnumerable<string> Above(RunLimits limits, RunLimits maximum)
    {
        (string Name, bool Above)[] checks =
        [
            ("timeoutMs", limits.Timeout > maximum.Timeout),
            ("cpus", limits.Cpus > maximum.Cpus),
            ("memoryMiB", limits.MemoryBytes > maximum.MemoryBytes),
            ("pids", limits.Pids > maximum.Pids),
            ("diskMiB", limits.DiskBytes > maximum.DiskBytes),
            ("diskInodes", limits.DiskInodes > maximum.DiskInodes),
            ("outputKiB", limits.OutputBytes > maximum.OutputBytes),
            ("openFiles", limits.OpenFiles > maximum.OpenFiles),
        ];
        return checks.Where(check => check.Above).Select(check => check.Name);
    }
}
