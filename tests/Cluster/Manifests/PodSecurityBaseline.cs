using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.Manifests;

/// <summary>
/// Level `baseline` of the Pod Security Standards (kubernetes.io/docs/concepts/security/pod-security-standards), version 1.35: there is a
/// control for each of its rows that a Linux Pod can break. Admission itself is asked where there is an API server.
/// </summary>
internal static class PodSecurityBaseline
{
    private static readonly string[] Capabilities =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP",
        "SETUID", "SYS_CHROOT",
    ];

    private static readonly string[] SeLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

    private static readonly string[] Sysctls =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem",
    ];

    /// <summary>The fields that break it; none for a Pod that passes.</summary>
    internal static IReadOnlyList<string> Violations(JsonObject podSpec) =>
    [
        .. new[] { "hostNetwork", "hostPID", "hostIPC" }.Where(field => IsTrue(podSpec[field])),
        .. Items(podSpec["volumes"]).Where(volume => volume.ContainsKey("hostPath")).Select(volume => $"volumes[{volume["name"]}].hostPath"),
        .. Items(podSpec["securityContext"]?["sysctls"]).Select(sysctl => (string)sysctl["name"]!).Except(Sysctls).Select(name => $"sysctl {name}"),
        .. Context(podSpec["securityContext"], "pod"),
        .. podSpec.Containers().SelectMany(container => OfContainer(container, userNamespace: podSpec["hostUsers"] is JsonValue value && !(bool)value)),
    ];

    private static IEnumerable<string> OfContainer(JsonObject container, bool userNamespace)
    {
        var name = (string)container["name"]!;
        var context = container["securityContext"];
        if (IsTrue(context?["privileged"]))
        {
            yield return $"{name}: privileged";
        }

        if (!userNamespace && (string?)context?["procMount"] is not (null or "Default"))
        {
            yield return $"{name}: procMount";
        }

        foreach (var capability in Texts(context?["capabilities"]?["add"]).Except(Capabilities))
        {
            yield return $"{name}: capability {capability}";
        }

        if (Items(container["ports"]).Any(port => port["hostPort"]?.ToString() is not (null or "0")))
        {
            yield return $"{name}: hostPort";
        }

        foreach (var host in Hosts(container))
        {
            yield return $"{name}: {host}.host";
        }

        foreach (var fault in Context(context, name))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> Hosts(JsonObject container) =>
        from handler in new[]
        {
            ("livenessProbe", container["livenessProbe"]), ("readinessProbe", container["readinessProbe"]),
            ("startupProbe", container["startupProbe"]), ("postStart", container["lifecycle"]?["postStart"]),
            ("preStop", container["lifecycle"]?["preStop"]),
        }
        from way in new[] { "httpGet", "tcpSocket" }
        where !string.IsNullOrEmpty((string?)handler.Item2?[way]?["host"])
        select $"{handler.Item1}.{way}";

    /// <summary>What Pods and containers may both say.</summary>
    private static IEnumerable<string> Context(JsonNode? context, string owner)
    {
        if ((string?)context?["seccompProfile"]?["type"] is "Unconfined")
        {
            yield return $"{owner}: seccompProfile";
        }

        if ((string?)context?["appArmorProfile"]?["type"] is "Unconfined")
        {
            yield return $"{owner}: appArmorProfile";
        }

        if (context?["seLinuxOptions"] is JsonObject options
            && (!SeLinuxTypes.Contains((string?)options["type"] ?? "") || options.ContainsKey("user") || options.ContainsKey("role")))
        {
            yield return $"{owner}: seLinuxOptions";
        }

        if (IsTrue(context?["windowsOptions"]?["hostProcess"]))
        {
            yield return $"{owner}: hostProcess";
        }
    }

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && (bool)value;

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(item => (string)item!);

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).Select(item => item!.AsObject());
}
