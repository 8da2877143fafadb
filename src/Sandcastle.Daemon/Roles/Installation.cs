using Sandcastle.Daemon.Options;
using Sandcastle.Worker;

namespace Sandcastle.Daemon.Roles;

/// <summary>Where the daemon finds what it is shipped with: below SANDCASTLE_HOME, or below the directory it is in.</summary>
internal static class Installation
{
    private static string Home =>
        Environment.GetEnvironmentVariable("SANDCASTLE_HOME") is { Length: > 0 } home ? Path.GetFullPath(home) : AppContext.BaseDirectory;

    internal static WorkerOptions WorkerOptions(DaemonOptions options) => new()
    {
        Name = options.Name,
        Lot = options.Lot,
        DataDirectory = options.DataDirectory,
        NativeDirectory = Path.Combine(Home, "artifacts", "native"),
        GuestDirectory = Path.Combine(Home, "guest"),
        PolicyDirectory = Path.Combine(Home, "policy", "seccomp"),
        TemplateDirectories =
        [
            .. options.OwnTemplatesOnly ? Array.Empty<string>() : [Path.Combine(Home, "templates")],
            .. options.TemplateDirectory is { } own ? [own] : Array.Empty<string>(),
        ],
        Defaults = options.DefaultLimits,
        Maximums = options.MaximumLimits,
        AllowUnenforced = options.AllowUnenforced,
        CgroupRoot = options.CgroupRoot,
        CountsOwnProcess = true,
        RequireKeep = options.RequireKeep,
        MaxSlots = options.MaxSlots,
    };
}
