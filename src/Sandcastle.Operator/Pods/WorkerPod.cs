using System.Text.Json.Nodes;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Lots;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Pods;

/// <summary>
/// The spec of a worker's Pod: the least with which jails were seen to work in a Pod, which passes Pod Security <c>baseline</c> (but for
/// <c>privileged</c>, which says so). Root is root of the Pod's own user namespace; <c>procMount: Unmasked</c>, or no nested pid namespace
/// can mount a /proc; the seccomp profile is what guests may call and what the jail calls around them (policy/pod).
/// </summary>
internal static class WorkerPod
{
    internal const string Container = "worker";
    internal const int LinkPort = 8443;
    internal const int DirectPort = 8444;

    /// <summary>Beyond the drain's grace: for receipts to travel, and for slots to be taken down.</summary>
    internal const int EndSeconds = 30;

    internal const string DataDirectory = "/var/lib/sandcastle";
    internal const string TemplateDirectory = "/etc/sandcastle/templates";
    internal const string TlsDirectory = "/etc/sandcastle/tls";

    /// <summary>In the pool's namespace; holds the certificate that managers know workers by.</summary>
    internal const string TlsSecret = "sandcastle-worker-tls";

    /// <summary>A file below the kubelet's seccomp directory, on every node.</summary>
    internal const string SeccompProfile = "sandcastle.json";

    internal static JsonObject Spec(WorkerSpec worker, Placement placement)
    {
        var overrides = worker.Overrides;
        var spec = new JsonObject
        {
            ["hostUsers"] = overrides?.Privileged is true ? null : false,
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            ["restartPolicy"] = "Always",
            ["terminationGracePeriodSeconds"] = worker.TerminationGraceSeconds,
            ["runtimeClassName"] = string.IsNullOrEmpty(worker.RuntimeClassName) ? null : worker.RuntimeClassName,
            ["nodeSelector"] = Map(placement.NodeSelector),
            ["tolerations"] = placement.Tolerations.Count == 0 ? null : Json.Node(placement.Tolerations),
            ["schedulingGates"] = placement.IsGated ? new JsonArray(new JsonObject { ["name"] = Kueue.Names.TopologyGate }) : null,
            ["imagePullSecrets"] = overrides?.ImagePullSecrets is { Count: > 0 } secrets
                ? new JsonArray([.. secrets.Select(name => new JsonObject { ["name"] = name })]) : null,
            ["containers"] = new JsonArray(WorkerContainer(worker)),
            ["volumes"] = Volumes(worker),
        };
        return WithoutNulls(spec);
    }

    private static JsonObject WorkerContainer(WorkerSpec worker) => WithoutNulls(new JsonObject
    {
        ["name"] = Container,
        ["image"] = worker.Image,
        ["imagePullPolicy"] = worker.Overrides?.ImagePullPolicy,
        ["args"] = new JsonArray([.. Arguments(worker).Select(argument => JsonValue.Create(argument))]),
        ["env"] = Environment(worker.Overrides),
        ["ports"] = new JsonArray(Port("link", LinkPort), Port("direct", DirectPort)),
        ["resources"] = new JsonObject { ["requests"] = Json.Node(worker.Resources), ["limits"] = Json.Node(worker.Resources) },
        ["readinessProbe"] = Probe("/readyz", period: 2, failures: 2),
        ["livenessProbe"] = Probe("/healthz", period: 10, failures: 6),
        ["startupProbe"] = Probe("/healthz", period: 1, failures: 120),
        ["securityContext"] = SecurityContext(worker.Overrides),
        ["volumeMounts"] = new JsonArray(
            Mount("data", DataDirectory),
            Mount("tmp", "/tmp"),
            Mount("run", "/run"),
            Mount("shm", "/dev/shm"),
            Mount("templates", TemplateDirectory, readOnly: true),
            Mount("tls", TlsDirectory, readOnly: true)),
    });

    private static IEnumerable<string> Arguments(WorkerSpec worker) =>
    [
        "--role", "worker", "--listen", $"0.0.0.0:{DirectPort}", "--link-listen", $"0.0.0.0:{LinkPort}", "--tls-directory", TlsDirectory,
        "--data-dir", DataDirectory, "--templates", TemplateDirectory, "--own-templates-only", "--max-slots", $"{worker.SlotsPerWorker}",
        "--stop-grace", $"{Math.Max(0, worker.TerminationGraceSeconds - EndSeconds)}s",
        .. worker.Overrides?.Args ?? [],
    ];

    private static JsonArray Environment(PodOverrides? overrides)
    {
        var variables = new JsonArray(
            Field("POD_NAME", "metadata.name"),
            Field("POD_NAMESPACE", "metadata.namespace"),
            Field("POD_IP", "status.podIP"),
            Field("SANDCASTLE_POOL", $"metadata.labels['{Labels.Pool}']"),
            Field("SANDCASTLE_LOT", $"metadata.labels['{Labels.Lot}']"));
        foreach (var (name, value) in (overrides?.Env ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            variables.Add(new JsonObject { ["name"] = name, ["value"] = value });
        }

        return variables;
    }

    private static JsonObject SecurityContext(PodOverrides? overrides)
    {
        if (overrides?.Privileged is true)
        {
            return new JsonObject { ["privileged"] = true, ["runAsUser"] = 0, ["readOnlyRootFilesystem"] = true };
        }

        return WithoutNulls(new JsonObject
        {
            ["runAsUser"] = 0,
            ["allowPrivilegeEscalation"] = false,
            ["readOnlyRootFilesystem"] = true,
            ["procMount"] = "Unmasked",
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL"), ["add"] = new JsonArray("SETUID", "SETGID") },
            ["seccompProfile"] = new JsonObject { ["type"] = "Localhost", ["localhostProfile"] = SeccompProfile },
            ["appArmorProfile"] = overrides?.AppArmorLocalhostProfile is { } profile
                ? new JsonObject { ["type"] = "Localhost", ["localhostProfile"] = profile } : null,
        });
    }

    /// <summary>/dev/shm of a Pod is 64 MiB unless something is mounted there; in memory, it counts against the Pod's own limit.</summary>
    private static JsonArray Volumes(WorkerSpec worker) =>
    [
        new JsonObject { ["name"] = "data", ["emptyDir"] = new JsonObject() },
        new JsonObject { ["name"] = "tmp", ["emptyDir"] = new JsonObject() },
        new JsonObject { ["name"] = "run", ["emptyDir"] = new JsonObject { ["medium"] = "Memory" } },
        new JsonObject { ["name"] = "shm", ["emptyDir"] = new JsonObject { ["medium"] = "Memory" } },
        new JsonObject { ["name"] = "templates", ["configMap"] = new JsonObject { ["name"] = worker.Templates } },
        new JsonObject { ["name"] = "tls", ["secret"] = new JsonObject { ["secretName"] = TlsSecret } },
    ];

    private static JsonObject Probe(string path, int period, int failures) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = "direct", ["scheme"] = "HTTPS" },
        ["periodSeconds"] = period,
        ["failureThreshold"] = failures,
        ["timeoutSeconds"] = 5,
    };

    private static JsonObject Port(string name, int port) => new() { ["name"] = name, ["containerPort"] = port };

    private static JsonObject Field(string name, string path) =>
        new() { ["name"] = name, ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = path } } };

    private static JsonObject Mount(string name, string path, bool readOnly = false)
    {
        var mount = new JsonObject { ["name"] = name, ["mountPath"] = path };
        if (readOnly)
        {
            mount["readOnly"] = true;
        }

        return mount;
    }

    internal static JsonObject? Map(IReadOnlyDictionary<string, string> map) =>
        map.Count == 0 ? null : new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value))));

    internal static JsonObject WithoutNulls(JsonObject tree)
    {
        foreach (var name in tree.Where(pair => pair.Value is null).Select(pair => pair.Key).ToList())
        {
            tree.Remove(name);
        }

        return tree;
    }
}
