using System.Globalization;
using Sandcastle.Linux.Processes;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Diagnosis;

/// <summary>Looks at everything that a worker stands on, one thing at a time, and changes nothing that stays.</summary>
public static class Doctor
{
    private static readonly Version OldestKernel = new(5, 14);

    private const string NothingStarts = "nothing starts";

    public static async Task<IReadOnlyList<Finding>> ExamineAsync(WorkerOptions options, CancellationToken cancellationToken) =>
    [
        Kernel(), Filesystem("overlay", "slots cannot have a writable root: nothing starts"),
        .. Namespaces(), Seccomp(), UserNamespaces(), AppArmor(), Ids(options), .. Helpers(), .. Cgroups(options),
        JailProgram(options), Nsjail(options), Runsc(options), OpenFiles(options), Processes(), PipePages(),
        .. await TemplateFindings.ExamineAsync(options, cancellationToken), await TrialRun.TryAsync(options, cancellationToken),
    ];

    private static Finding Kernel()
    {
        var release = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var number = release.Split('-', '+')[0].Split('.');
        var version = new Version(int.Parse(number[0], CultureInfo.InvariantCulture), int.Parse(number[1], CultureInfo.InvariantCulture));
        return version >= OldestKernel
            ? new Finding("kernel", FindingState.Found, release)
            : new Finding("kernel", FindingState.Missing, release, $"{OldestKernel} or newer is needed: mount_setattr, cgroup.kill, overlay in user namespaces");
    }

    private static Finding Filesystem(string name, string cost)
    {
        var known = File.ReadLines("/proc/filesystems").Any(l => l.Split('\t')[^1] == name);
        return known || File.Exists($"/sys/module/{name}/uevent")
            ? new Finding($"file system {name}", FindingState.Found, "known to the kernel")
            : new Finding($"file system {name}", FindingState.Degraded, "not loaded; the kernel loads it on demand where it has the module", cost);
    }

    private static IEnumerable<Finding> Namespaces() =>
        from name in (string[])["user", "pid", "mnt", "net", "ipc", "uts", "cgroup"]
        select File.Exists($"/proc/self/ns/{name}") || new FileInfo($"/proc/self/ns/{name}").LinkTarget is not null
            ? new Finding($"namespace {name}", FindingState.Found, Maximum(name))
            : new Finding($"namespace {name}", FindingState.Missing, "the kernel has none", "nothing starts");

    private static string Maximum(string name)
    {
        var file = $"/proc/sys/user/max_{name}_namespaces";
        return File.Exists(file) ? $"at most {File.ReadAllText(file).Trim()}" : "no limit to be seen";
    }

    private static Finding Seccomp()
    {
        const string Actions = "/proc/sys/kernel/seccomp/actions_avail";
        return File.Exists(Actions) && File.ReadAllText(Actions).Contains("kill_process", StringComparison.Ordinal)
            ? new Finding("seccomp", FindingState.Found, File.ReadAllText(Actions).Trim())
            : new Finding("seccomp", FindingState.Missing, "the kernel has no filters", "nothing starts");
    }

    private static Finding UserNamespaces()
    {
        const string Switch = "/proc/sys/kernel/unprivileged_userns_clone";
        return OwnProcess.EffectiveUid != 0 && File.Exists(Switch) && File.ReadAllText(Switch).Trim() == "0"
            ? new Finding("user namespaces for ordinary users", FindingState.Missing, $"{Switch} is 0", "only root can start a worker")
            : new Finding("user namespaces for ordinary users", FindingState.Found, "not switched off");
    }

    private static Finding AppArmor()
    {
        const string Restriction = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
        return File.Exists(Restriction) && File.ReadAllText(Restriction).Trim() != "0"
            ? new Finding("AppArmor", OwnProcess.EffectiveUid == 0 ? FindingState.Degraded : FindingState.Missing, $"{Restriction} is not 0",
                "an ordinary user's worker needs a profile with 'userns,' for sandcastle-jail")
            : new Finding("AppArmor", FindingState.Found, "does not restrict user namespaces");
    }

    private static Finding Ids(WorkerOptions options)
    {
        try
        {
            var range = IdRange.Choose(options.IdBase);
            return new Finding("host ids", FindingState.Found, $"{range.HostBase} to {range.HostBase + range.Count - 1}");
        }
        catch (JailException e)
        {
            return new Finding("host ids", FindingState.Missing, e.Message, "slots cannot have ids of their own: nothing starts");
        }
    }

    private static IEnumerable<Finding> Helpers() =>
        from name in (string[])["newuidmap", "newgidmap"]
        select File.Exists($"/usr/bin/{name}")
            ? new Finding(name, FindingState.Found, $"/usr/bin/{name}")
            : new Finding(name, OwnProcess.EffectiveUid == 0 ? FindingState.Degraded : FindingState.Missing, "not installed (package uidmap)",
                "an ordinary user cannot map ids; root does without");

    private static IEnumerable<Finding> Cgroups(WorkerOptions options)
    {
        CgroupReport report;
        try
        {
            using var tree = CgroupTree.Create(new CgroupOptions { Root = options.CgroupRoot });
            report = tree.Report;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Linux.Errors.LinuxException or InvalidOperationException)
        {
            return [new Finding("cgroups", FindingState.Missing, e.Message, "nothing is limited or measured")];
        }

        return
        [
            new Finding("cgroups", FindingState.Found, report.Directories.Count == 0 ? $"{report.Mode}, none that may be divided" : $"{report.Mode}: {string.Join(", ", report.Directories)}"),
            new Finding("CPU accounting", report.CpuSource is null ? FindingState.Missing : FindingState.Found, report.CpuSource ?? "none", report.CpuSource is null ? "receipts without CPU time" : ""),
            new Finding("peak memory", report.PeakSource is null ? FindingState.Degraded : FindingState.Found, report.PeakSource ?? "none", report.PeakSource is null ? "receipts without peak memory" : ""),
            .. WorkerRequirements.UnenforcedSentence(options, report) is { } refusal ? [new Finding("limits", FindingState.Missing, refusal, NothingStarts)] : Array.Empty<Finding>(),
            .. report.Unenforced.Where(u => options.AllowUnenforced.Contains(u.Limit, StringComparer.Ordinal))
                .Select(u => new Finding($"limit {u.Limit}", FindingState.Degraded, u.Reason, "not enforced, which is allowed, and every receipt says so")),
            .. report.Remarks.Select(r => new Finding("cgroups", FindingState.Degraded, r)),
        ];
    }

    private static Finding JailProgram(WorkerOptions options)
    {
        var missing = ((string[])["sandcastle-jail", "libsandcastle_jail.so"])
            .Select(f => Path.Combine(options.NativeDirectory, f)).Where(f => !File.Exists(f)).ToList();
        return missing.Count == 0
            ? new Finding("jail", FindingState.Found, options.NativeDirectory)
            : new Finding("jail", FindingState.Missing, $"{string.Join(", ", missing)} not built", "nothing starts; make native builds it");
    }

    private static Finding Nsjail(WorkerOptions options) => options.Nsjail is { } path
        ? new Finding("nsjail", FindingState.Found, path)
        : new Finding("nsjail", options.RequireKeep == "nsjail" ? FindingState.Missing : FindingState.Degraded,
            "neither in SANDCASTLE_NSJAIL nor in PATH", "keeps are built by our own jail, and receipts say keep builtin; no profile nsjail");

    private static Finding Runsc(WorkerOptions options) => options.Runsc is { } path
        ? new Finding("runsc", FindingState.Found, path)
        : new Finding("runsc", FindingState.Degraded, "neither in SANDCASTLE_RUNSC nor in PATH", "no profile gvisor");

    private static Finding OpenFiles(WorkerOptions options)
    {
        var slots = OpenFileLimit.RaiseFor(options.MaxSlots);
        return new Finding("open files", slots == options.MaxSlots ? FindingState.Found : FindingState.Degraded,
            $"at most {OwnProcess.GetLimit(Resource.OpenFiles).Hard}", slots == options.MaxSlots ? "" : $"{slots} slots at a time, of {options.MaxSlots} wanted");
    }

    private static Finding Processes()
    {
        const long Comfortable = 32_768; // four for each of two thousand slots, and as many again for their programs
        var most = long.Parse(File.ReadAllText("/proc/sys/kernel/pid_max").Trim(), CultureInfo.InvariantCulture);
        return new Finding("processes", most >= Comfortable ? FindingState.Found : FindingState.Degraded,
            $"kernel.pid_max is {most}", most >= Comfortable ? "" : $"about {most / 8} slots");
    }

    private static Finding PipePages()
    {
        const string Limit = "/proc/sys/fs/pipe-user-pages-soft";
        var pages = File.ReadAllText(Limit).Trim();
        return OwnProcess.EffectiveUid == 0 || pages == "0"
            ? new Finding("pipe pages", FindingState.Found, "not limited for this user")
            : new Finding("pipe pages", FindingState.Degraded, $"{Limit} is {pages}", $"pipes beyond {long.Parse(pages, CultureInfo.InvariantCulture) / 16} are small: more wake-ups under heavy output");
    }
}
