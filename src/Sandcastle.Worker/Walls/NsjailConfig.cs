using System.Globalization;
using Sandcastle.Linux.Mounts;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Walls;

/// <summary>
/// The configuration of an nsjail process that is the wall around one slot, as protobuf text (nsjail's config.proto). What is not said is
/// nsjail's default: new user, pid, mount, net, ipc, uts and cgroup namespaces, no other capability, no_new_privs, pivot_root.
/// </summary>
/// <param name="entries">On the slot's root.</param>
/// <param name="guest">The host's directory with the jail's program and the guest's files.</param>
/// <param name="policy">The seccomp policy as Kafel.</param>
/// <param name="covered">Files of <c>/proc</c> that this kernel has and no program shall see.</param>
internal sealed class NsjailConfig(IReadOnlyList<RootEntry> entries, string guest, string policy, IReadOnlyList<string> covered)
{
    private const string LimitsOfNamespace = "/proc/sys/user";

    private static readonly string[] Devices = ["null", "zero", "full", "random", "urandom", "tty"];

    private static readonly (string Name, string Target)[] DeviceLinks =
        [("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx"),
         ("shm", "/run/shm")];

    /// <summary>Settings of the kernel, and triggers that it would keep for whoever writes there.</summary>
    private static readonly string[] ReadOnlyProc = ["/proc/sys", "/proc/pressure"];

    private readonly string _common = Common(guest, policy, covered);

    /// <summary>What <c>/proc</c> tells of the host, or would let an unlucky kernel do.</summary>
    internal static IReadOnlyList<string> Covered { get; } =
    [
        "cmdline", "config.gz", "diskstats", "interrupts", "kallsyms", "kcore", "key-users", "keys", "kmsg", "latency_stats", "partitions",
        "sched_debug", "softirqs", "sys/kernel/random/boot_id", "sysrq-trigger", "timer_list",
    ];

    /// <param name="ids">The worker's.</param>
    /// <param name="innerId">The slot's own among them.</param>
    /// <param name="diskBytes">Size of its root, all that it can write to.</param>
    /// <param name="diskInodes">Inodes of the same.</param>
    /// <param name="mounts">Of the host, now.</param>
    internal string Render(IdRange ids, uint innerId, long diskBytes, int diskInodes, IReadOnlyList<MountEntry> mounts)
    {
        var head = new ProtobufText();
        foreach (var map in (string[])["uidmap", "gidmap"])
        {
            head.Message(map, m => m
                .Field("inside_id", Number(WireLimits.SlotUid))
                .Field("outside_id", Number(ids.OwnId ? ids.HostBase + innerId - 1 : ids.HostBase + innerId))
                .Field("count", 1)
                .Field("use_newidmap", ids.OwnId));
        }

        // First of all mounts: the others stand on it.
        head.Message("mount", m => m.Field("dst", "/").Field("fstype", "tmpfs")
            .Field("options", string.Create(CultureInfo.InvariantCulture, $"mode=0755,size={diskBytes},nr_inodes={diskInodes}"))
            .Field("rw", value: true).Field("nosuid", value: true).Field("nodev", value: true));
        foreach (var entry in entries)
        {
            head.Message("mount", m => _ = entry.IsLink ? Link(m, entry.Target, entry.Source) : ReadOnly(m, entry.Target, entry.Source));
        }

        foreach (var entry in RootEntries.Mounted(entries, mounts))
        {
            head.Message("mount", m => ReadOnly(m, entry.Target, entry.Source));
        }

        return head + _common;
    }

    private static string Common(string guest, string policy, IReadOnlyList<string> covered)
    {
        var text = new ProtobufText()
            .Name("mode", "ONCE").Name("log_level", "WARNING").Field("hostname", "sandbox").Field("cwd", "/")
            .Field("time_limit", 0).Field("nice_level", 0).Field("disable_rl", value: true).Field("pass_fd", 3)
            // The init's, and what keeps programs of the same user from making it less important (setpriority(2), sched_setaffinity(2)).
            .Field("cap", "CAP_SETPCAP")
            // With which the init limits what may be watched, and which it gives up then (native/jail/watching.c).
            .Field("cap", "CAP_SYS_RESOURCE");
        text.Message("mount", m => ReadOnly(m, WireLimits.GuestDir, guest));
        // Nobody shall put anything beside the devices; what belongs to the slot is a link to its disk.
        text.Message("mount", m => m.Field("dst", "/dev").Field("fstype", "tmpfs").Field("options", "mode=0755,size=64k,nr_inodes=64").Field("nosuid", value: true));
        foreach (var device in Devices)
        {
            text.Message("mount", m => Bind(m, "/dev/" + device, "/dev/" + device).Field("rw", value: true).Field("nosuid", value: true));
        }

        foreach (var (name, target) in DeviceLinks)
        {
            text.Message("mount", m => Link(m, "/dev/" + name, target));
        }

        text.Message("mount", m => m.Field("dst", "/dev/pts").Field("fstype", "devpts")
            .Field("options", "newinstance,ptmxmode=0666,mode=0620,max=32").Field("rw", value: true).Field("nosuid", value: true).Field("noexec", value: true));
        text.Message("mount", m => m.Field("dst", "/proc").Field("fstype", "proc")
            .Field("rw", value: true).Field("nosuid", value: true).Field("nodev", value: true).Field("noexec", value: true));
        foreach (var directory in ReadOnlyProc)
        {
            text.Message("mount", m => ReadOnly(m, directory, directory).Field("mandatory", directory == "/proc/sys"));
        }

        // The kernel lets nobody write there who has no capability in the slot.
        text.Message("mount", m => Bind(m, LimitsOfNamespace, LimitsOfNamespace).Field("rw", value: true).Field("nosuid", value: true).Field("nodev", value: true));
        foreach (var name in covered)
        {
            // A setting can be written as little as those beside it.
            text.Message("mount", m => _ = name.StartsWith("sys/", StringComparison.Ordinal)
                ? ReadOnly(m, "/proc/" + name, "/dev/null")
                : Bind(m, "/proc/" + name, "/dev/null").Field("rw", value: true));
        }

        text.Field("seccomp_string", policy);
        text.Message("exec_bin", m => m.Field("path", WireLimits.GuestDir + "/sandcastle-jail").Field("arg", "slot").Field("arg", "nsjail").Field("arg", "0"));
        return text.ToString();
    }

    private static ProtobufText Bind(ProtobufText mount, string target, string source) =>
        mount.Field("src", source).Field("dst", target).Field("is_bind", value: true);

    private static ProtobufText ReadOnly(ProtobufText mount, string target, string source) =>
        Bind(mount, target, source).Field("nosuid", value: true).Field("nodev", value: true);

    private static ProtobufText Link(ProtobufText mount, string path, string target) =>
        mount.Field("src", target).Field("dst", path).Field("is_symlink", value: true);

    private static string Number(uint id) => id.ToString(CultureInfo.InvariantCulture);
}
