using Sandcastle.Operator.Resources.Templates;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Daemon.Roles;

/// <summary>A SandboxTemplate as a worker would offer it that had read it from its file (Sandcastle.Worker, LimitsReader): the same limits, and no slot.</summary>
internal static class PoolTemplate
{
    private const long KiB = 1L << 10;
    private const long MiB = 1L << 20;

    internal static TemplateStatus Read(SandboxTemplate template)
    {
        var spec = template.Spec;
        return new TemplateStatus
        {
            Name = template.Metadata.Name,
            Description = spec.Description ?? "",
            Language = spec.Language,
            Profile = spec.Profile,
            Keep = spec.Keep ?? "auto",
            Defaults = Read(spec.Limits?.Default, RunLimits.Default),
            Maximums = Read(spec.Limits?.Maximum, RunLimits.Maximum),
            SlotsWanted = 0,
            SlotsReady = 0,
            SlotsBusy = 0,
        };
    }

    private static RunLimits Read(LimitValues? values, RunLimits fallback) => values is null ? fallback : new RunLimits
    {
        Timeout = values.TimeoutMs is { } timeout ? TimeSpan.FromMilliseconds(timeout) : fallback.Timeout,
        Cpus = values.Cpus ?? fallback.Cpus,
        MemoryBytes = values.MemoryMiB * MiB ?? fallback.MemoryBytes,
        Pids = (int)(values.Pids ?? fallback.Pids),
        DiskBytes = values.DiskMiB * MiB ?? fallback.DiskBytes,
        DiskInodes = (int)(values.DiskInodes ?? fallback.DiskInodes),
        OutputBytes = values.OutputKiB * KiB ?? fallback.OutputBytes,
        OpenFiles = (int)(values.OpenFiles ?? fallback.OpenFiles),
    };
}
