namespace Sandcastle.Linux.Files;

/// <summary>How openat2(2) walks a path.</summary>
[Flags]
public enum ResolveFlags
{
    None = 0,

    /// <summary>RESOLVE_NO_XDEV: into no other mount.</summary>
    NoXDev = 0x01,

    /// <summary>RESOLVE_NO_MAGICLINKS: no <c>/proc/PID/fd/N</c> and the like, which jump out of every root.</summary>
    NoMagicLinks = 0x02,

    /// <summary>RESOLVE_NO_SYMLINKS.</summary>
    NoSymlinks = 0x04,

    /// <summary>RESOLVE_BENEATH: a step above the directory fails with EXDEV.</summary>
    Beneath = 0x08,

    /// <summary>RESOLVE_IN_ROOT: as after chroot(2) to the directory; <c>..</c> and absolute links stay inside, whoever races.</summary>
    InRoot = 0x10,
}
