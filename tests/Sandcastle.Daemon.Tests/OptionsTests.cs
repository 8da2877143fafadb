using System.CommandLine;
using System.Net;
using System.Reflection;
using Sandcastle.Daemon.Listening;
using Sandcastle.Daemon.Options;
using Sandcastle.Manager.Ledger.Intake;
using Sandcastle.Manager.Tenants;
using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Retail;

namespace Sandcastle.Daemon.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Read_nothing_isTheDocumentedDefault()
    {
        var options = Read();
        options.Listen.ToString().ShouldBe("http://127.0.0.1:7700");
        options.IdleExit.ShouldBeNull();
        options.DefaultLimits.Timeout.ShouldBe(TimeSpan.FromSeconds(30));
        options.DefaultLimits.MemoryBytes.ShouldBe(256L << 20);
        options.MaximumLimits.Cpus.ShouldBe(4);
        options.Admission.ContentBytes.ShouldBe(16L << 20);
        options.Retention.Time.ShouldBe(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void Read_books_haveTheirFlags()
    {
        var usual = Read().Books;
        usual.MeterInterval.ShouldBe(TimeSpan.FromSeconds(10));
        (usual.Retention.Receipts, usual.Retention.Minutes, usual.Retention.Hours).ShouldBe((TimeSpan.FromDays(30), TimeSpan.FromDays(7), TimeSpan.FromDays(90)));
        var books = Read("--meter-interval", "1s", "--keep-receipts", "1d", "--keep-minutes", "60m", "--keep-hours", "2h").Books;
        (books.MeterInterval, books.Retention.Receipts, books.Retention.Minutes, books.Retention.Hours).ShouldBe(
            (TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), TimeSpan.FromHours(1), TimeSpan.FromHours(2)));
    }

    [Theory]
    [InlineData("--meter-interval", "999ms", "--meter-interval: '999ms' is no duration of at least 1s")]
    [InlineData("--keep-receipts", "23h", "--keep-receipts: '23h' is no duration of at least 1d")]
    [InlineData("--keep-minutes", "59m", "--keep-minutes: '59m' is no duration of at least 1h")]
    [InlineData("--keep-hours", "x", "--keep-hours: 'x' is no duration of at least 1h")]
    [InlineData("--keep-hours", "6d", "--keep-hours must not be shorter than --keep-minutes")]
    public void Read_booksThatCannotBe_areRefused(string flag, string value, string sentence) => Refusal(flag, value).ShouldContain(sentence);

    [Fact]
    public void Read_everyLimit_hasItsFlags()
    {
        var options = Read(
            "--default-timeout", "500ms", "--default-cpus", "0.5", "--default-memory", "64M", "--default-pids", "8",
            "--default-disk", "1G", "--default-disk-inodes", "1000", "--default-output", "64KiB", "--default-open-files", "32",
            "--max-timeout", "2h", "--max-cpus", "8", "--max-memory", "16G", "--max-pids", "99",
            "--max-disk", "2G", "--max-disk-inodes", "2000", "--max-output", "1M", "--max-open-files", "64", "--max-body", "1M");
        var least = options.DefaultLimits;
        (least.Timeout, least.Cpus, least.MemoryBytes, least.Pids).ShouldBe((TimeSpan.FromMilliseconds(500), 0.5, 64L << 20, 8));
        (least.DiskBytes, least.DiskInodes, least.OutputBytes, least.OpenFiles).ShouldBe((1L << 30, 1000, 64L << 10, 32));
        var most = options.MaximumLimits;
        (most.Timeout, most.Cpus, most.MemoryBytes, most.Pids).ShouldBe((TimeSpan.FromHours(2), 8, 16L << 30, 99));
        (most.DiskBytes, most.DiskInodes, most.OutputBytes, most.OpenFiles).ShouldBe((2L << 30, 2000, 1L << 20, 64));
        options.Admission.ContentBytes.ShouldBe(1L << 20);
    }

    [Fact]
    public void Read_tenants_haveNoLimitsUnlessFlagsSaySo()
    {
        var open = Read().Tenants;
        open.Defaults.ShouldBe(new TenantTerms());
        (open.QueueLength, open.MostQueueWait, open.KeysPerTenant, open.TenantsInMetrics).ShouldBe((1000, TimeSpan.FromMinutes(5), 100, 100));

        var held = Read(
            "--tenant-concurrent-runs", "8", "--tenant-cpus", "1.5", "--tenant-memory", "4G", "--tenant-runs-per-second", "0.5",
            "--tenant-hour-cpu-seconds", "1", "--tenant-hour-gib-seconds", "2", "--tenant-day-cpu-seconds", "3", "--tenant-day-gib-seconds", "4",
            "--tenant-month-cpu-seconds", "5", "--tenant-month-gib-seconds", "0", "--tenant-queue", "9", "--max-queue-wait", "30s", "--tenant-keys", "2",
            "--metrics-tenants", "3").Tenants;
        var terms = held.Defaults;
        (terms.ConcurrentRuns, terms.CpuMillis, terms.MemoryMib, terms.RunsPerSecond).ShouldBe((8, 1500, 4096, 0.5));
        (terms.Budget.Hour, terms.Budget.Day, terms.Budget.Month).ShouldBe((new BudgetAmount(1, 2), new BudgetAmount(3, 4), new BudgetAmount(5, 0)));
        (held.QueueLength, held.MostQueueWait, held.KeysPerTenant, held.TenantsInMetrics).ShouldBe((9, TimeSpan.FromSeconds(30), 2, 3));
    }

    [Theory]
    [InlineData("--tenant-concurrent-runs", "-1", "'-1' is not a number of at least 0")]
    [InlineData("--tenant-cpus", "0", "'0' is not a number of at least 0.001")]
    [InlineData("--tenant-memory", "1K", "'1K' is not a size of at least 1M")]
    [InlineData("--tenant-month-cpu-seconds", "NaN", "'NaN' is not a number of at least 0")]
    [InlineData("--tenant-queue", "-1", "--tenant-queue must be at least 0")]
    [InlineData("--tenant-keys", "-1", "--tenant-keys must be at least 0")]
    [InlineData("--metrics-tenants", "-1", "--metrics-tenants must be at least 0")]
    [InlineData("--max-queue-wait", "soon", "--max-queue-wait: 'soon' is no duration")]
    public void Read_tenantFlagThatIsNone_saysWhatItMustBe(string flag, string value, string message) =>
        (Parse(flag, value).Errors is [var error, ..] ? error.Message : Refusal(flag, value)).ShouldContain(message);

    [Fact]
    public void Read_pendingReceipts_haveABound()
    {
        Read().Manager.PendingReceipts.ShouldBe(100_000);
        Read("--pending-receipts", "1").Manager.PendingReceipts.ShouldBe(1);
        Refusal("--pending-receipts", "0").ShouldContain("--pending-receipts must be at least 1");
    }

    [Fact]
    public void Read_whatIsBelievedOfWorkers_hasBounds()
    {
        Read().Manager.Bounds.ShouldBe(new WorkerBounds());
        Read("--receipt-grace", "10s", "--receipt-ahead", "2m", "--most-run-time", "2h", "--most-worker-cpus", "64", "--most-worker-memory", "512G", "--receipts-aside", "0").Manager.Bounds
            .ShouldBe(new WorkerBounds
            {
                Grace = TimeSpan.FromSeconds(10),
                Ahead = TimeSpan.FromMinutes(2),
                RunTime = TimeSpan.FromHours(2),
                Cpus = 64,
                MemoryBytes = 512L << 30,
                Aside = 0,
            });
        Refusal("--receipt-grace", "0s").ShouldContain("--receipt-grace: '0s' is no duration of at least 1s");
        Refusal("--receipt-ahead", "x").ShouldContain("--receipt-ahead: 'x' is no duration");
        Refusal("--most-run-time", "1s").ShouldContain("--most-run-time: '1s' is no duration");
        Refusal("--most-worker-cpus", "0.5").ShouldContain("--most-worker-cpus must be at least 1");
        Refusal("--most-worker-memory", "2000T").ShouldContain("--most-worker-memory: '2000T' is no size between 1G and 1024T");
        Refusal("--receipts-aside", "-1").ShouldContain("--receipts-aside must be at least 0");
    }

    [Fact]
    public void Read_flagsAboutTenants_reachTheirRole()
    {
        var retail = Read("--role", "operator", "--lease-growth", "additive", "--retail-queue", "rq", "--oversubscription", "1.5").Operator.Retail;
        (retail.Growth, retail.Queue, retail.Oversubscription).ShouldBe((LeaseGrowth.Additive, "rq", 1.5));
        Read("--role", "operator").Operator.Retail.ShouldBe(new RetailOptions());
        Read("--role", "manager", "--workers", "pods").UnknownTenants.ShouldBe(UnknownTenants.Serve);
        Read("--role", "manager", "--workers", "pods", "--unknown-tenants", "refuse").UnknownTenants.ShouldBe(UnknownTenants.Refuse);
    }

    [Fact]
    public void Read_apiKeyFile_isAManagersAndMustBeThere()
    {
        var file = Path.GetTempFileName();
        try
        {
            Read().Manager.SharedKeyFile.ShouldBeNull();
            Read("--api-key-file", file).Manager.SharedKeyFile.ShouldBe(file);
            Refusal("--role", "operator", "--api-key-file", file).ShouldContain("--api-key-file is a manager's");
        }
        finally
        {
            File.Delete(file);
        }

        Refusal("--api-key-file", file).ShouldContain($"--api-key-file: '{file}' is no file");
    }

    [Fact]
    public void Read_flagsAboutCertificates_reachTheOperator()
    {
        Read("--role", "operator").Operator.Certificates.ShouldBe(new CertificateOptions());
        var made = Read("--role", "operator", "--certificates", "cert-manager", "--certificate-issuer", "Issuer.example.org/ours", "--certificate-time", "48h").Operator.Certificates!;
        (made.Source, made.Issuer, made.LeafTime).ShouldBe((CertificateSource.CertManager, new IssuerReference("example.org", "Issuer", "ours"), TimeSpan.FromHours(48)));
        Read("--role", "operator", "--certificates", "cert-manager").Operator.Certificates!.Issuer.ToString().ShouldBe("ClusterIssuer/sandcastle");
        Read("--role", "operator", "--certificate-time", "2h").Operator.Faults().ShouldBeEmpty();
        Read("--role", "operator", "--certificate-time", "366d").Operator.Faults().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--certificates: 'auto' is neither operator nor cert-manager", "--role", "operator", "--certificates", "auto")]
    [InlineData("--certificate-issuer: 'ours' names no issuer; write KIND/NAME", "--role", "operator", "--certificates", "cert-manager", "--certificate-issuer", "ours")]
    [InlineData("--certificate-issuer needs --certificates=cert-manager", "--role", "operator", "--certificate-issuer", "Issuer/ours")]
    [InlineData("--certificate-time: '1h' is no duration between 2h and 366d", "--role", "operator", "--certificate-time", "1h")]
    [InlineData("--certificate-time: '367d' is no duration between 2h and 366d", "--role", "operator", "--certificate-time", "367d")]
    [InlineData("--certificates is an operator's", "--role", "manager", "--workers", "pods", "--certificates", "operator")]
    [InlineData("--certificate-time is an operator's", "--certificate-time", "2h")]
    public void Read_flagsAboutCertificates_thatCannotBe_areRefused(string fault, params string[] arguments) => Refusal(arguments).ShouldContain(fault);

    [Theory]
    [InlineData("--lease-growth: 'fast' is neither slices nor additive", "--role", "operator", "--lease-growth", "fast")]
    [InlineData("--retail-queue must be 1 to 253 characters", "--role", "operator", "--retail-queue", "")]
    [InlineData("--oversubscription must be between 0.01 and 100", "--role", "operator", "--oversubscription", "0")]
    [InlineData("--oversubscription must be between 0.01 and 100", "--role", "operator", "--oversubscription", "101")]
    [InlineData("--unknown-tenants: 'maybe' is neither serve nor refuse", "--role", "manager", "--workers", "pods", "--unknown-tenants", "maybe")]
    [InlineData("--lease-growth is an operator's", "--lease-growth", "slices")]
    [InlineData("--unknown-tenants is a manager's", "--role", "operator", "--unknown-tenants", "serve")]
    public void Read_flagsAboutTenants_thatCannotBe_areRefused(string fault, params string[] arguments) => Refusal(arguments).ShouldContain(fault);

    [Theory]
    [InlineData("0.0.0.0:7700")]
    [InlineData("192.0.2.7:7700")]
    [InlineData("[::]:7700")]
    public void Read_cleartextBeyondLoopback_isRefusedWithoutTheFlag(string address)
    {
        Refusal("--listen", address).ShouldContain("--insecure-listen allows it");
        Read("--listen", address, "--insecure-listen").Listen.IsPrivate.ShouldBeFalse();
    }

    [Fact]
    public void Read_cleartextGrpcBeyondLoopback_isRefusedWithoutTheFlag()
    {
        Read().GrpcListen.ShouldBeNull();
        Read("--grpc-listen", "127.0.0.1:7701").GrpcListen!.EndPoint!.Port.ShouldBe(7701);
        Refusal("--grpc-listen", "0.0.0.0:7701").ShouldStartWith("--grpc-listen 0.0.0.0:7701 would serve cleartext");
        Read("--grpc-listen", "0.0.0.0:7701", "--allow-cleartext").GrpcListen!.IsPrivate.ShouldBeFalse();
        Refusal("--grpc-listen", "7701").ShouldContain("--grpc-listen: '7701' is no address");
    }

    [Theory]
    [InlineData("--role", "worker", "--link-listen", "0.0.0.0:8443")]
    [InlineData("--role", "manager", "--workers", "192.0.2.7:8443")]
    public void Read_cleartextLinkBeyondLoopback_isRefusedWithoutCertificates(params string[] arguments)
    {
        Refusal(arguments).ShouldContain("take anybody for a manager or a worker");
        Read([.. arguments, "--insecure-listen"]).TlsDirectory.ShouldBeNull();
        Read([.. arguments, "--tls-directory", "/"]).TlsDirectory.ShouldBe("/");
    }

    [Fact]
    public void Read_rehearse_isAManagersAlone()
    {
        Read("--role", "manager", "--workers", "127.0.0.1:8443").Rehearse.ShouldBeFalse();
        Read("--role", "manager", "--workers", "127.0.0.1:8443", "--rehearse").Rehearse.ShouldBeTrue();
        Refusal("--rehearse").ShouldContain("--rehearse is a manager's");
    }

    [Fact]
    public void Read_certificates_allowAListenerBeyondLoopback() => Read("--listen", "0.0.0.0:7700", "--tls-directory", "/").Listen.IsPrivate.ShouldBeFalse();

    [Theory]
    [InlineData("127.0.0.1:0", "http://127.0.0.1:0")]
    [InlineData("127.0.0.2:80", "http://127.0.0.2:80")]
    [InlineData("localhost:7700", "http://127.0.0.1:7700")]
    [InlineData("[::1]:7700", "http://[::1]:7700")]
    [InlineData("unix:/run/s.sock", "unix:/run/s.sock")]
    [InlineData("unix:///run/s.sock", "unix:/run/s.sock")]
    public void Read_privateAddress_needsNoFlag(string text, string address) => Read("--listen", text).Listen.ToString().ShouldBe(address);

    [Theory]
    [InlineData("7700")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("::1:7700")]
    [InlineData("[127.0.0.1]:7700")]
    [InlineData("example.com:7700")]
    [InlineData("unix:relative.sock")]
    [InlineData("")]
    public void Read_noAddress_isRefused(string text) => Refusal("--listen", text).ShouldContain("is no address");

    [Fact]
    public void Read_lot_isAWorkers()
    {
        Read("--lot", "pool-a.lot-7").Lot.ShouldBe("pool-a.lot-7");
        Read("--role", "worker", "--lot", "lot-7").Lot.ShouldBe("lot-7");
        Refusal("--role", "operator", "--lot", "lot-7").ShouldContain("--lot is a worker's");
        Refusal("--lot", new string('a', 254)).ShouldContain("--lot must be 1 to 253 letters");
    }

    [Theory]
    [InlineData("--role", "manager", "needs --workers")]
    [InlineData("--link-listen", "127.0.0.1:1", "is a worker's")]
    [InlineData("--workers", "127.0.0.1:1", "is a manager's")]
    [InlineData("--workers", "example.com:1", "is no address")]
    [InlineData("--tls-directory", "/nowhere", "is no directory")]
    [InlineData("--name", "a b", "--name must be")]
    [InlineData("--name", "", "--name must be")]
    [InlineData("--lot", "", "--lot must be 1 to 253 letters")]
    [InlineData("--lot", "a b", "--lot must be 1 to 253 letters")]
    [InlineData("--own-templates-only", "true", "needs --templates")]
    [InlineData("--role", "king", "is no role")]
    [InlineData("--templates", "/nowhere", "is no directory")]
    [InlineData("--idle-exit", "0", "is no duration")]
    [InlineData("--idle-exit", "soon", "is no duration")]
    [InlineData("--allow-unenforced", "memory,luck", "'luck' is no such limit")]
    [InlineData("--allow-unenforced", "seccomp", "'seccomp' is no such limit")]
    [InlineData("--allow-unenforced", "overlay", "'overlay' is no such limit")]
    [InlineData("--allow-unenforced", "namespaces", "'namespaces' is no such limit")]
    [InlineData("--default-memory", "9G", "--default-memory is above --max-memory")]
    [InlineData("--keep-results-count", "0", "at least 1")]
    [InlineData("--max-body", "0", "is no size")]
    [InlineData("--keep-results-each", "0", "is no size")]
    [InlineData("--ledger", "ledger.db", "is no connection to PostgreSQL")]
    [InlineData("--ledger", "Database=x", "needs a Host")]
    [InlineData("--ledger", "Host=x;Hots=y", "is no connection to PostgreSQL")]
    [InlineData("--ledger", "postgres://h/d?sslmode=maybe", "is no connection to PostgreSQL")]
    [InlineData("--replicas", "0", "at least 1")]
    [InlineData("--replicas", "2", "a SQLite file is not one")]
    [InlineData("--peer-address", "10.0.0.7:8443", "--peer-address is a manager's")]
    [InlineData("--peer-address", "10.0.0.7", "is no address that others could dial")]
    [InlineData("--peer-address", "10.0.0.7:0", "is no address that others could dial")]
    [InlineData("--peer-address", "0.0.0.0:8443", "is no address that others could dial")]
    [InlineData("--peer-address", "[::]:8443", "is no address that others could dial")]
    [InlineData("--peer-address", "manager.example:8443", "is no address that others could dial")]
    [InlineData("--peer-patience", "0", "is no duration up to 1h")]
    [InlineData("--peer-patience", "2h", "is no duration up to 1h")]
    [InlineData("--peer-patience", "long", "is no duration up to 1h")]
    public void Read_badValue_isRefusedWithItsReason(string flag, string value, string reason) => Refusal(flag, value).ShouldContain(reason);

    [Theory]
    [InlineData("--max-pids", "0")]
    [InlineData("--max-cpus", "NaN")]
    [InlineData("--default-timeout", "-1s")]
    [InlineData("--default-memory", "lots")]
    [InlineData("--no-such-flag", "1")]
    public void Parse_badValue_isAnError(string flag, string value) => Parse(flag, value).Errors.ShouldNotBeEmpty();

    [Fact]
    public void Read_replicasWithASharedLedger_areTaken()
    {
        var options = Read("--replicas", "3", "--ledger", "postgres://me:secret@db.example:6432/bills?sslmode=verify-full&application_name=x");
        options.Ledger.IsShared.ShouldBeTrue();
        options.Ledger.ToString().ShouldBe("PostgreSQL at db.example:6432, database 'bills'");
        Read().Ledger.IsShared.ShouldBeFalse();
        Read("--keep-results-each", "1M").Retention.ResultBytes.ShouldBe(1L << 20);
    }

    [Fact]
    public void Read_peerAddress_needsCertificatesAndASharedLedger()
    {
        string[] manager = ["--role", "manager", "--workers", "pods", "--peer-address", "10.0.0.7:8443"];
        Refusal(manager).ShouldContain("--peer-address needs --tls-directory");
        Refusal([.. manager, "--tls-directory", "/"]).ShouldContain("--peer-address needs a --ledger that the managers share");
        var peers = Read([.. manager, "--tls-directory", "/", "--ledger", "Host=db", "--peer-patience", "3s"]).Peers;
        (peers.Address!.ToString(), peers.Patience).ShouldBe(("10.0.0.7:8443", TimeSpan.FromSeconds(3)));
        (Read().Peers.Address, Read().Peers.Patience).ShouldBe((null, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Read_badLedger_repeatsNoPassword() => Refusal("--ledger", "Host=h;Password=secret;Nonsense=1").ShouldNotContain("secret");

    [Fact]
    public void Read_manyFaults_areAllNamed()
    {
        var message = Refusal("--listen", "0.0.0.0:1", "--role", "king", "--idle-exit", "x");
        message.ShouldContain("--insecure-listen");
        message.ShouldContain("--role: 'king'");
        message.ShouldContain("--idle-exit");
    }

    [Theory]
    [InlineData("1024", 1024)]
    [InlineData("1k", 1024)]
    [InlineData("1.5M", 3 << 19)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("3b", 3)]
    public void TryParseBytes_size_isReadInBinaryUnits(string text, long bytes)
    {
        Quantity.TryParseBytes(text, out var read).ShouldBeTrue();
        read.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1X")]
    [InlineData("1MM")]
    [InlineData("1.2.3")]
    [InlineData("99999999999T")]
    public void TryParseBytes_noSize_isRefused(string text) => Quantity.TryParseBytes(text, out _).ShouldBeFalse();

    [Fact]
    public void TryParse_endPoint_keepsItsAddress()
    {
        ListenAddress.TryParse("10.0.0.1:5", out var address).ShouldBeTrue();
        address.EndPoint.ShouldBe(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 5));
    }

    [Fact]
    public void Flag_ofTheProgram_isOnItsPage()
    {
        var root = typeof(OptionsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;
        var page = File.ReadAllText(Path.Combine(root, "docs", "sandcastled.md"));
        var flags = new DaemonCommand().Build(_ => Task.FromResult(0)).Options.SelectMany(o => o.Aliases.Prepend(o.Name))
            .Where(name => name.StartsWith("--", StringComparison.Ordinal) && name is not ("--help" or "--version")).ToList();

        flags.Count.ShouldBeGreaterThan(60);
        flags.ShouldAllBe(flag => page.Contains($"`{flag}`", StringComparison.Ordinal) || page.Contains($"`{flag} ", StringComparison.Ordinal));
    }

    private static string Refusal(params string[] arguments) => Should.Throw<UsageException>(() => Read(arguments)).Message;

    private static DaemonOptions Read(params string[] arguments)
    {
        var command = new DaemonCommand();
        return command.Read(command.Build(_ => Task.FromResult(0)).Parse(arguments));
    }

    private static ParseResult Parse(params string[] arguments) => new DaemonCommand().Build(_ => Task.FromResult(0)).Parse(arguments);
}
