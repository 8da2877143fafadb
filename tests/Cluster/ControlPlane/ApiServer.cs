using System.Net;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// etcd, kube-apiserver and, where it is among the assets, kube-controller-manager on loopback ports, with RBAC, admission and tokens as
/// clusters have them. No node: Pods are stored, and nobody starts them. Logs are in artifacts/cluster.
/// </summary>
public sealed class ApiServer : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandcastle-cluster-");
    private readonly List<ChildProcess> _processes = [];
    private readonly Lazy<Task<ChildProcess>> _kueue;
    private readonly bool _hasLink;
    private Authority? _authority;
    private ChildProcess? _server;

    public ApiServer()
        : this("", hasLink: false)
    {
    }

    private ApiServer(string logs, bool hasLink)
    {
        Logs = logs;
        _hasLink = hasLink;
        _kueue = new Lazy<Task<ChildProcess>>(() => Kueue.InstallAsync(this));
    }

    internal Uri Address { get; private set; } = null!;

    internal Authority Authority => _authority ?? throw new InvalidOperationException("not started");

    /// <summary>May do everything.</summary>
    internal ApiClient Admin { get; private set; } = null!;

    /// <summary>For kubectl and others: the administrator's.</summary>
    internal string Kubeconfig { get; private set; } = null!;

    internal string Scratch => _directory.FullName;

    /// <summary>With what the names of its programs' logs begin.</summary>
    internal string Logs { get; }

    /// <summary>Between API server and etcd, in one that is there to be broken.</summary>
    internal SlowLink Link { get; private set; } = null!;

    /// <summary>Where etcd itself is.</summary>
    internal Uri Etcd { get; private set; } = null!;

    /// <summary>Garbage collection, namespaces' ends and default ServiceAccounts are its work.</summary>
    internal static bool HasControllers => Assets.Has("kube-controller-manager");

    public async ValueTask InitializeAsync()
    {
        if (!Assets.Has("etcd") || !Assets.Has("kube-apiserver"))
        {
            return; // Assets.Require says so in every test.
        }

        _authority = new Authority(Scratch);
        Etcd = new Uri(StartEtcd());
        if (_hasLink)
        {
            Link = new SlowLink(Etcd.Port);
        }

        await StartApiServerAsync(_hasLink ? $"http://127.0.0.1:{Link.Port}" : Etcd.GetLeftPart(UriPartial.Authority));
        if (HasControllers)
        {
            StartControllers();
            await Admin.WaitForAsync("/api/v1/namespaces/default/serviceaccounts/default", _ => true);
        }
    }

    /// <summary>One of a test's own, whose parts it may kill. Its logs' names begin with that.</summary>
    internal static async Task<ApiServer> BreakableAsync(string logs)
    {
        var server = new ApiServer(logs, hasLink: true);
        await server.InitializeAsync();
        return server;
    }

    /// <summary>Installs Kueue, once for all.</summary>
    internal Task<ChildProcess> KueueAsync() => _kueue.Value;

    /// <summary>Ends kube-apiserver, and it alone, without a word.</summary>
    internal Task KillAsync() => _server!.KillAsync();

    /// <summary>Starts it again where it was, and waits until it answers.</summary>
    internal async Task ReturnAsync()
    {
        _server!.StartAgain();
        await ReadyAsync(_server);
    }

    /// <summary>An identity of its own: a user and groups, by certificate.</summary>
    internal ApiClient As(string user, string group) =>
        new(Address, Authority.CertificateFile, Authority.Sign($"client-{Guid.NewGuid():n}", $"O={group}, CN={user}"));

    /// <summary>A ServiceAccount's token.</summary>
    internal ApiClient WithToken(string token) => new(Address, Authority.CertificateFile, null, token);

    /// <summary>A program that belongs to this control plane and ends with it.</summary>
    internal ChildProcess Start(string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = ChildProcess.Start(Logs + name, program, arguments, environment);
        _processes.Add(process);
        return process;
    }

    internal string WriteKubeconfig(string name, (string Certificate, string Key) identity)
    {
        var file = Path.Combine(Scratch, $"{name}.kubeconfig");
        File.WriteAllText(file, $$"""
            apiVersion: v1
            kind: Config
            clusters: [{ name: tests, cluster: { server: "{{Address}}", certificate-authority: "{{Authority.CertificateFile}}" } }]
            users: [{ name: tests, user: { client-certificate: "{{identity.Certificate}}", client-key: "{{identity.Key}}" } }]
            contexts: [{ name: tests, context: { cluster: tests, user: tests } }]
            current-context: tests
            """);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        Admin?.Dispose();
        for (var i = _processes.Count - 1; i >= 0; i--)
        {
            await _processes[i].DisposeAsync();
        }

        if (Link is not null)
        {
            await Link.DisposeAsync();
        }

        _authority?.Dispose();
        _directory.Delete(recursive: true);
    }

    private string StartEtcd()
    {
        var (client, peer) = ($"http://127.0.0.1:{Ports.Free()}", $"http://127.0.0.1:{Ports.Free()}");
        Start("etcd", Assets.PathTo("etcd"),
        [
            "--data-dir", Path.Combine(Scratch, "etcd"), "--unsafe-no-fsync",
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"default={peer}",
        ]);
        return client;
    }

    private async Task StartApiServerAsync(string etcd)
    {
        var port = Ports.Free();
        Address = new Uri($"https://127.0.0.1:{port}/");
        var server = Authority.Sign("apiserver", "CN=kube-apiserver", [IPAddress.Loopback], "localhost", "kubernetes.default.svc");
        var (publicKey, privateKey) = Authority.TokenKeys();
        string[] withoutControllers = HasControllers ? [] : ["--disable-admission-plugins=ServiceAccount"];
        _server = Start("kube-apiserver", Assets.PathTo("kube-apiserver"),
        [
            $"--etcd-servers={etcd}", "--bind-address=127.0.0.1", $"--secure-port={port}",
            $"--tls-cert-file={server.Certificate}", $"--tls-private-key-file={server.Key}", $"--client-ca-file={Authority.CertificateFile}",
            "--service-account-issuer=https://kubernetes.default.svc", $"--service-account-key-file={publicKey}",
            $"--service-account-signing-key-file={privateKey}", "--authorization-mode=Node,RBAC", "--allow-privileged=true",
            "--service-cluster-ip-range=10.0.0.0/24", $"--cert-dir={Path.Combine(Scratch, "apiserver")}", .. withoutControllers,
        ]);
        var admin = Authority.Sign("admin", "O=system:masters, CN=admin");
        Kubeconfig = WriteKubeconfig("admin", admin);
        Admin = new ApiClient(Address, Authority.CertificateFile, admin);
        await ReadyAsync(_server);
    }

    private void StartControllers()
    {
        var identity = Authority.Sign("controllers", "O=system:masters, CN=system:kube-controller-manager");
        Start("kube-controller-manager", Assets.PathTo("kube-controller-manager"),
        [
            $"--kubeconfig={WriteKubeconfig("controllers", identity)}", $"--root-ca-file={Authority.CertificateFile}",
            $"--service-account-private-key-file={Path.Combine(Scratch, "sa.key")}", "--use-service-account-credentials=true",
            "--leader-elect=false", "--bind-address=127.0.0.1", $"--secure-port={Ports.Free()}", $"--cert-dir={Path.Combine(Scratch, "controllers")}",
        ]);
    }

    private async Task ReadyAsync(ChildProcess process)
    {
        while (true)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{process.Name} ended: {process.LastLines()}");
            }

            try
            {
                if ((await Admin.GetAsync("/readyz")).Succeeded)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
