using System.Text.Json.Nodes;
using Sandcastle.Protocol.Limits;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Staging;

namespace Sandcastle.Worker.Walls;

/// <summary>
/// The OCI runtime configuration of a template's slots (opencontainers/runtime-spec, config.md). The process is the slot's init: root of that
/// kernel, which is one for this slot alone, with what it needs to make the disk and to start programs as the slot's user.
/// </summary>
internal static class OciBundle
{
    private static readonly string[] Capabilities =
        ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_ADMIN", "CAP_SYS_RESOURCE"];

    internal static JsonObject Render(StagedTemplate staged, string guest, RunLimits prepared, RunLimits maximums) => new()
    {
        ["ociVersion"] = "1.0.2",
        ["hostname"] = "sandbox",
        ["root"] = new JsonObject { ["path"] = staged.Root, ["readonly"] = false }, // what is written goes to memory: --overlay2
        ["process"] = Process(prepared, maximums),
        ["mounts"] = Mounts(staged, guest),
        ["linux"] = new JsonObject
        {
            ["namespaces"] = new JsonArray([.. ((string[])["pid", "network", "ipc", "uts", "mount"]).Select(type => new JsonObject { ["type"] = type })]),
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

    private static JsonArray Mounts(StagedTemplate staged, string guest) =>
    [
        new JsonObject { ["destination"] = "/proc", ["type"] = "proc", ["source"] = "proc" },
        new JsonObject { ["destination"] = "/dev", ["type"] = "tmpfs", ["source"] = "tmpfs" },
        .. staged.Trees.Select(tree => Bind(tree.Source, tree.Target)),
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
