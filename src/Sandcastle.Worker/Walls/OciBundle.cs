using System.Text.Json.Nodes;
using Sandcastle.Protocol.Limits;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Walls;

/// <summary>
/// The OCI runtime configuration of a template's slots (opencontainers/runtime-spec, config.md). The process is the slot's init: root of that
/// kernel, which is one for this slot alone, with what it needs to make the disk and to start programs as the slot's user.
/// </summary>
internal static class OciBundle
{
    private static readonly string[] Capabilities =
        ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_ADMIN", "CAP_SYS_RESOURCE"];

    /// <param name="root">A directory with the places to mount on.</param>
    /// <param name="entries">What is mounted there; links are there already.</param>
    /// <param name="guest">The host's directory with the jail's program and the guest's files.</param>
    /// <param name="prepared">The limits that slots are prepared with.</param>
    /// <param name="maximums">The most that a run may ask for.</param>
    /// <param name="ids">The worker's, never the host's own: files of the host's users are nobody's in there.</param>
    /// <param name="innerId">The slot's own among them.</param>
    internal static JsonObject Render(
        string root, IReadOnlyList<RootEntry> entries, string guest, RunLimits prepared, RunLimits maximums, IdRange ids, uint innerId) => new()
        {
            ["ociVersion"] = "1.0.2",
            ["hostname"] = "sandbox",
            ["root"] = new JsonObject { ["path"] = root, ["readonly"] = true },
            ["process"] = Process(prepared, maximums),
            ["mounts"] = Mounts(entries, guest),
            ["linux"] = new JsonObject
            {
                ["namespaces"] = new JsonArray([.. ((string[])["user", "pid", "network", "ipc", "uts", "mount"]).Select(type => new JsonObject { ["type"] = type })]),
                ["uidMappings"] = Ids(ids, innerId),
                ["gidMappings"] = Ids(ids, innerId),
            },
        };

    private static JsonObject Process(RunLimits prepared, RunLimits maximums)
    {
        var capabilities = new JsonObject();
        foreach (var set in (string[])["bounding", "effective", "permitted"])
        {
            capabilities[set] = new JsonArray([.. Capabilities.Select(name => JsonValue.Create(name))]);
        }

        return new JsonObject
        {
            ["terminal"] = false,
            ["user"] = new JsonObject { ["uid"] = 0, ["gid"] = 0 },
            ["args"] = new JsonArray(WireLimits.GuestDir + "/sandcastle-jail", "slot", "gvisor", $"{prepared.DiskBytes}"),
            ["cwd"] = "/",
            ["capabilities"] = capabilities,
            ["noNewPrivileges"] = true,
            ["rlimits"] = new JsonArray(new JsonObject { ["type"] = "RLIMIT_NOFILE", ["soft"] = maximums.OpenFiles, ["hard"] = maximums.OpenFiles }),
        };
    }

    private static JsonArray Ids(IdRange ids, uint innerId) =>
    [
        new JsonObject { ["containerID"] = 0, ["hostID"] = ids.HostBase, ["size"] = 1 },
        new JsonObject { ["containerID"] = WireLimits.SlotUid, ["hostID"] = ids.HostBase + innerId, ["size"] = 1 },
    ];

    private static JsonArray Mounts(IReadOnlyList<RootEntry> entries, string guest) =>
    [
        new JsonObject { ["destination"] = "/proc", ["type"] = "proc", ["source"] = "proc" },
        new JsonObject { ["destination"] = "/dev", ["type"] = "tmpfs", ["source"] = "tmpfs" },
        .. entries.Where(entry => !entry.IsLink).Select(entry => Bind(entry.Source, entry.Target)),
        Bind(guest, WireLimits.GuestDir),
    ];

    private static JsonObject Bind(string source, string target) => new JsonObject
    {
        ["destination"] = target,
        ["type"] = "bind",
        ["source"] = source,
        ["options"] = new JsonArray("rbind", "ro", "nosuid", "nodev"),
    };
}
