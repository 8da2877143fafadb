namespace Sandcastle.Worker.Jails.Wire;

/// <summary>Sizes and fixed names that both sides of the wire agree on.</summary>
internal static class WireLimits
{
    internal const uint Version = 1;

    /// <summary>Most bytes of one packet.</summary>
    internal const int MessageMax = 64 * 1024;

    /// <summary>Most descriptors beside one packet.</summary>
    internal const int FdsMax = 16;

    /// <summary>Most cgroup.procs descriptors among them.</summary>
    internal const int CgroupsMax = 6;

    internal const int PathMax = 512;

    internal const int NameMax = 64;

    /// <summary>The one user of every slot, as the slot sees it.</summary>
    internal const uint SlotUid = 1000;

    internal const uint SlotGid = 1000;

    internal const string RunDir = "/run/sandcastle";

    internal const string GuestDir = RunDir + "/guest";

    internal const string LowerDir = RunDir + "/lower";

    internal const string SlotDir = RunDir + "/slot";

    internal const string Home = "/home/user";
}
