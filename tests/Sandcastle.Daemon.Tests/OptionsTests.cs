using System.CommandLine;
using System.Net;
using Sandcastle.Daemon.Listening;
using Sandcastle.Daemon.Options;
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
    public void Read_flagsAboutTenants_reachTheirRole()
    {
        var retail = Read("--role", "operator", "--lease-growth", "additive", "--retail-queue", "rq", "--oversubscription", "1.5").Operator.Retail;
        (retail.Growth, retail.Queue, retail.Oversubscription).ShouldBe((LeaseGrowth.Additive, "rq", 1.5));
        Read("--role", "operator").Operator.Retail.ShouldBe(new RetailOptions());
        Read("--role", "manager", "--workers", "pods").UnknownTenants.ShouldBe(UnknownTenants.Serve);
        Read("--role", "manager", "--workers", "pods", "--unknown-tenants", "refuse").UnknownTenants.ShouldBe(UnknownTenants.Refuse);
    }

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

    [Theory]
    [InlineData("--role", "manager", "needs --workers")]
    [InlineData("--link-listen", "127.0.0.1:1", "is a worker's")]
    [InlineData("--workers", "127.0.0.1:1", "is a manager's")]
    [InlineData("--workers", "example.com:1", "is no address")]
    [InlineData("--tls-directory", "/nowhere", "is no directory")]
    [InlineData("--name", "a b", "--name must be")]
    [InlineData("--name", "", "--name must be")]
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

    private static string Refusal(params string[] arguments) => Should.Throw<UsageException>(() => Read(arguments)).Message;

    private static DaemonOptions Read(params string[] arguments)
    {
        var command = new DaemonCommand();
        return command.Read(command.Build(_ => Task.FromResult(0)).Parse(arguments));
    }

    private static ParseResult Parse(params string[] arguments) => new DaemonCommand().Build(_ => Task.FromResult(0)).Parse(arguments);
}
