using System.Net;
using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// What a Pod's container would run, as a process of this machine: its arguments, its volumes, its ServiceAccount's token. All Pods share one
/// address here, so only managers have the ports of their Pods: those the API server proxies to by the Service's name.
/// </summary>
internal sealed class PodProcess : IAsyncDisposable
{
    private const string Manager = "sandcastle-manager";
    private const string Worker = "sandcastle-worker";

    private static readonly HttpClient Probe = new(new SocketsHttpHandler
    {
#pragma warning disable CA5359 // As a kubelet does: it asks whether something answers, not who.
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    })
    { Timeout = TimeSpan.FromSeconds(2) };

    private readonly ChildProcess _process;
    private readonly PodVolumes _volumes;
    private readonly Uri _readiness;
    private volatile bool _isKilled;

    private PodProcess(ChildProcess process, PodVolumes volumes, Uri readiness, IReadOnlyDictionary<string, int> ports)
    {
        _process = process;
        _volumes = volumes;
        _readiness = readiness;
        Ports = ports;
    }

    /// <summary>By the names that the container gives them.</summary>
    internal IReadOnlyDictionary<string, int> Ports { get; }

    /// <summary>Ended by itself, and not because a test killed it.</summary>
    internal bool HasExited => !_isKilled && _process.HasExited;

    /// <summary>SANDCASTLE_DAEMON is another: the one that the images have, say, compiled ahead.</summary>
    internal static string Daemon => Environment.GetEnvironmentVariable("SANDCASTLE_DAEMON") is { Length: > 0 } path ? path : Repository.PathTo("bin", "sandcastled");

    /// <summary>Null while a volume of the Pod is not there yet.</summary>
    internal static async Task<PodProcess?> StartAsync(ApiServer server, JsonObject pod, IPAddress address)
    {
        var (space, spec) = (pod.Namespace()!, pod["spec"]!.AsObject());
        if (await PodVolumes.FillAsync(server, space, spec) is not { } volumes)
        {
            return null;
        }

        var container = spec["containers"]![0]!.AsObject();
        var role = (string?)pod["metadata"]!["labels"]?["app.kubernetes.io/name"];
        var listed = container["ports"]!.AsArray().ToDictionary(port => (string)port!["name"]!, port => (int)port!["containerPort"]!, StringComparer.Ordinal);
        var ports = listed.ToDictionary(port => port.Key, port => role == Manager ? port.Value : ControlPlane.Ports.Free(), StringComparer.Ordinal);
        var variables = await PodVariables.ReadAsync(server, pod, container, address);
        var arguments = container["args"]!.AsArray()
            .Select(argument => Translate(PodVariables.Expand((string)argument!, variables), volumes, address, listed, ports))
            .ToList();
        variables["SANDCASTLE_HOME"] = Repository.Root;
        if (role == Worker)
        {
            arguments.AddRange(["--name", pod.Name()]); // in a Pod it is the host's
        }
        else
        {
            variables["KUBECONFIG"] = await KubeconfigAsync(server, space, (string)spec["serviceAccountName"]!);
        }

        var probe = container["readinessProbe"]!["httpGet"]!;
        var scheme = ((string?)probe["scheme"] ?? "HTTP").ToLowerInvariant();
        var readiness = new Uri($"{scheme}://{address}:{ports[(string)probe["port"]!]}{probe["path"]}");
        return new PodProcess(ChildProcess.Start(server.Logs + pod.Name(), Daemon, arguments, variables), volumes, readiness, ports);
    }

    /// <summary>Its log has this.</summary>
    internal bool Said(string words) => File.Exists(_process.LogFile) && File.ReadLines(_process.LogFile).Any(line => line.Contains(words, StringComparison.Ordinal));

    /// <summary>As its node kills it that has no memory left: at once.</summary>
    internal Task KillAsync() => _process.KillAsync();

    internal async Task<bool> IsReadyAsync() => await ReadinessAsync() is not null;

    /// <summary>What it says at its readiness probe; null while it is not ready.</summary>
    internal async Task<string?> ReadinessAsync()
    {
        try
        {
            using var answer = await Probe.GetAsync(_readiness);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null; // not listening yet, or no more
        }
    }

    /// <summary>A path of the container, on this machine.</summary>
    internal string Place(string path) => _volumes.Place(path);

    /// <summary>As if its container had been killed and the kubelet had made it anew; what its volumes hold stays.</summary>
    internal async Task KillAndRestartAsync()
    {
        _isKilled = true;
        await _process.KillAsync();
        _process.StartAgain();
        _isKilled = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _volumes.Dispose();
    }

    /// <summary>Addresses and paths of the container, here.</summary>
    private static string Translate(string argument, PodVolumes volumes, IPAddress address, Dictionary<string, int> listed, Dictionary<string, int> ports)
    {
        const string Anywhere = "0.0.0.0:";
        var flag = argument.StartsWith("--", StringComparison.Ordinal) && argument.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals ? argument[..(equals + 1)] : "";
        var value = argument[flag.Length..];
        if (value.StartsWith(Anywhere, StringComparison.Ordinal))
        {
            var name = listed.Single(port => port.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) == value[Anywhere.Length..]).Key;
            return $"{flag}{address}:{ports[name]}";
        }

        return flag + (value.StartsWith('/') ? volumes.Place(value) : value);
    }

    private static async Task<string> KubeconfigAsync(ApiServer server, string space, string account)
    {
        var request = YamlObjects.Parse("{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {expirationSeconds: 3600}}").Single();
        var token = await server.Admin.CreateAsync($"/api/v1/namespaces/{space}/serviceaccounts/{account}/token", request);
        var file = Path.Combine(server.Scratch, $"{account}.kubeconfig");
        await File.WriteAllTextAsync(file, $$"""
            apiVersion: v1
            kind: Config
            clusters: [{ name: tests, cluster: { server: "{{server.Address}}", certificate-authority: "{{server.Authority.CertificateFile}}" } }]
            users: [{ name: tests, user: { token: "{{token.ExpectUnlessOut()["status"]!["token"]}}" } }]
            contexts: [{ name: tests, context: { cluster: tests, user: tests } }]
            current-context: tests
            """);
        return file;
    }
}
