using Sandcastle.Linux.Errors;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Diagnosis;

/// <summary>Which feature of the machine a trial slot failed for, and what its operator can do about it.</summary>
internal static class MissingFeature
{
    private const string Filters = "seccomp filters";
    private const string FiltersRemedy = "run a kernel with CONFIG_SECCOMP_FILTER, under nothing that refuses seccomp(2)";

    private static readonly string[] Kinds = ["user", "pid", "mnt", "net", "ipc", "uts", "cgroup"];

    /// <summary>Names the feature, the jail's step with its errno, and a remedy.</summary>
    internal static string Sentence(JailException failure)
    {
        var (feature, remedy) = failure.Step switch
        {
            JailStep.Clone or JailStep.Unshare when failure.Errno is Errno.ENOSPC or Errno.EUSERS => Exhausted(),
            JailStep.Clone or JailStep.WaitForMap => (
                "user namespaces",
                "allow them: kernel.unprivileged_userns_clone, AppArmor's userns rule, or a container runtime's seccomp profile that lets clone3 and unshare through"),
            JailStep.Unshare => ("namespaces", "run a kernel with mnt, net, ipc, uts and cgroup namespaces, under a seccomp profile that lets unshare through"),
            JailStep.UidMap or JailStep.GidMap => ("ids for user namespaces", "map the worker's ids into the user namespace that it runs in"),
            JailStep.Newuidmap or JailStep.Newgidmap => (
                "ids for user namespaces", "install newuidmap and newgidmap (package uidmap), setuid root, and grant ids in /etc/subuid and /etc/subgid"),
            JailStep.CgroupJoin => ("cgroups that a slot may join", "start the worker in a cgroup that is delegated to it, or name one with --cgroup-root"),
            JailStep.MountOverlay => (
                "overlay in user namespaces", "run Linux 5.14 or newer with the overlay module loaded, and let no security module refuse the mount"),
            JailStep.MountProc => ("fresh /proc in user namespaces", "unmask the container's /proc (procMount: Unmasked, or --security-opt systempaths=unconfined)"),
            JailStep.MountPrivate or JailStep.MountTmpfs or JailStep.MountTree or JailStep.MountAttributes or JailStep.MountDev or JailStep.MountPts
                or JailStep.MountShm or JailStep.MountGuest or JailStep.PivotRoot or JailStep.DetachRoot => (
                "mounts in user namespaces", "let no security module (AppArmor, SELinux) or seccomp profile refuse them"),
            JailStep.Seccomp or JailStep.NoNewPrivs => (Filters, FiltersRemedy),
            _ => ("working jail", "see what the worker wrote before this, and docs/operations.md"),
        };
        return $"no {feature}: a trial slot failed at {failure.Message}; {remedy}";
    }

    /// <summary>The same for what is asked before the policy is compiled, since the compiler asks it too, and would speak of the policy.</summary>
    internal static string SeccompSentence(Errno errno) => $"no {Filters}: seccomp(SECCOMP_GET_ACTION_AVAIL) failed with {errno}; {FiltersRemedy}";

    /// <param name="directory">Of all stages; one alone has another name at each data directory.</param>
    /// <param name="errno">Of the first exec.</param>
    internal static string ExecutionSentence(string directory, Errno errno) =>
        $"no execution below {directory}: exec of sandcastle-jail failed with {errno}; mount it without noexec";

    /// <summary>ENOSPC of clone and unshare: a maximum of namespaces is reached, as a rule because it is 0.</summary>
    private static (string Feature, string Remedy) Exhausted()
    {
        var none = Kinds.Where(kind => Maximum(kind) == "0").ToList();
        return none.Count == 0
            ? ("more user namespaces", "raise /proc/sys/user/max_user_namespaces and its like, or nest less deeply")
            : ($"{string.Join(", ", none)} namespaces", $"raise {string.Join(", ", none.Select(File))}, which {(none.Count == 1 ? "is" : "are")} 0");
    }

    private static string File(string kind) => $"/proc/sys/user/max_{kind}_namespaces";

    private static string Maximum(string kind) => System.IO.File.Exists(File(kind)) ? System.IO.File.ReadAllText(File(kind)).Trim() : "";
}
