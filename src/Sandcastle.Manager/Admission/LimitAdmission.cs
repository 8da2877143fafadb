using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Admission;

/// <summary>Resolves the limits of a run: what was asked for, between a floor and the template's maximum; else the template's default.</summary>
internal static class LimitAdmission
{
    private const int MiB = 20;
    private const int KiB = 10;

    // The floors are what an empty program needs: less would fail inside the jail, and look like a fault of ours.
    private const double LeastCpus = 0.01;
    private const long LeastMemoryMiB = 8;
    private const long LeastPids = 2;
    private const long LeastInodes = 64;
    private const long LeastOpenFiles = 16;

    /// <summary>The limits in force. Without <paramref name="maximums"/> (an unknown template) only the floors are checked.</summary>
    public static RunLimits Resolve(LimitsRequest? asked, RunLimits defaults, RunLimits? maximums, FieldErrors errors)
    {
        if (asked is null)
        {
            return defaults;
        }

        var most = maximums ?? RunLimits.Maximum;
        var check = new Bounds(errors, HasMaximum: maximums is not null);
        return new RunLimits
        {
            Timeout = check.Whole("timeoutMs", asked.TimeoutMs, 1, (long)most.Timeout.TotalMilliseconds) is { } timeout
                ? TimeSpan.FromMilliseconds(timeout) : defaults.Timeout,
            Cpus = check.Fraction("cpus", asked.Cpus, LeastCpus, most.Cpus) ?? defaults.Cpus,
            MemoryBytes = check.Whole("memoryMiB", asked.MemoryMiB, LeastMemoryMiB, most.MemoryBytes >> MiB) << MiB ?? defaults.MemoryBytes,
            Pids = (int?)check.Whole("pids", asked.Pids, LeastPids, most.Pids) ?? defaults.Pids,
            DiskBytes = check.Whole("diskMiB", asked.DiskMiB, 1, most.DiskBytes >> MiB) << MiB ?? defaults.DiskBytes,
            DiskInodes = (int?)check.Whole("diskInodes", asked.DiskInodes, LeastInodes, most.DiskInodes) ?? defaults.DiskInodes,
            OutputBytes = check.Whole("outputKiB", asked.OutputKiB, 1, most.OutputBytes >> KiB) << KiB ?? defaults.OutputBytes,
            OpenFiles = (int?)check.Whole("openFiles", asked.OpenFiles, LeastOpenFiles, most.OpenFiles) ?? defaults.OpenFiles,
        };
    }

    /// <summary>The limits as the REST interface writes them.</summary>
    public static LimitsRequest Describe(RunLimits limits) => new()
    {
        TimeoutMs = (long)limits.Timeout.TotalMilliseconds,
        MemoryMiB = limits.MemoryBytes >> MiB,
        Cpus = limits.Cpus,
        Pids = limits.Pids,
        DiskMiB = limits.DiskBytes >> MiB,
        DiskInodes = limits.DiskInodes,
        OutputKiB = limits.OutputBytes >> KiB,
        OpenFiles = limits.OpenFiles,
    };

    private readonly record struct Bounds(FieldErrors Errors, bool HasMaximum)
    {
        public long? Whole(string name, long? asked, long least, long most)
        {
            if (asked is not { } value)
            {
                return null;
            }

            // An error is noted and a harmless figure goes on, so that the remaining limits are checked as well.
            return Check(name, value < least, value > most, least, most, value) ? value : null;
        }

        public double? Fraction(string name, double? asked, double least, double most)
        {
            if (asked is not { } value)
            {
                return null;
            }

            return Check(name, !(value >= least), value > most, least, most, value) ? value : null;
        }

        private bool Check<T>(string name, bool under, bool over, T least, T most, T value)
        {
            if (under)
            {
                Errors.Add($"limits.{name}", $"must be at least {least}, not {value}");
            }
            else if (over && HasMaximum)
            {
                Errors.Add($"limits.{name}", $"must be at most {most}, not {value}");
            }

            return !under && !over;
        }
    }
}
