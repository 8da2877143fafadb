using Grpc.Core;
using Grpc.Net.Client;
using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Link.Tls;
using Sandcastle.Link.V1;
using File = System.IO.File;

namespace Sandcastle.Link.Tests.Tls;

public sealed class MutualTlsTests : IDisposable
{
    private readonly Authority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Manager_and_worker_of_one_authority_talk()
    {
        await using var server = await WorkerServer.StartAsync(tls: Files(PeerNames.Worker));
        await using var manager = await ManagerEnd.StartAsync(Files(PeerNames.Manager), server);
        (await manager.RunAsync()).Receipt.Worker.ShouldBe("worker-a");
    }

    [Theory]
    [InlineData(PeerNames.Worker)]
    [InlineData(PeerNames.Operator)]
    [InlineData("somebody.else")]
    public async Task Worker_takes_nobody_but_a_manager(string name)
    {
        await using var server = await WorkerServer.StartAsync(tls: Files(PeerNames.Worker));
        await RefusedAsync(server, Files(name));
    }

    [Fact]
    public async Task Worker_takes_no_manager_of_another_authority()
    {
        using var other = new Authority();
        await using var server = await WorkerServer.StartAsync(tls: Files(PeerNames.Worker));

        // It believes in the worker's authority, so that it is the worker who refuses.
        await RefusedAsync(server, new TlsDirectory(other.Issue(PeerNames.Manager, believed: _authority), TimeProvider.System));
    }

    [Fact]
    public async Task Worker_takes_nobody_without_a_certificate()
    {
        await using var server = await WorkerServer.StartAsync(tls: Files(PeerNames.Worker));
        using var handler = new SocketsHttpHandler();
#pragma warning disable CA5359 // This is the attacker: it does not care whom it attacks.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        await RefusedAsync(server, handler);
    }

    [Fact]
    public async Task Worker_takes_no_certificate_whose_time_is_over()
    {
        await using var server = await WorkerServer.StartAsync(tls: Files(PeerNames.Worker));
        await RefusedAsync(server, new TlsDirectory(_authority.Issue(PeerNames.Manager, life: TimeSpan.FromSeconds(-1)), TimeProvider.System));
    }

    [Theory]
    [InlineData(PeerNames.Manager)]
    [InlineData("somebody.else")]
    public async Task Manager_talks_to_nobody_but_a_worker(string name)
    {
        await using var server = await WorkerServer.StartAsync(tls: Files(name));
        await RefusedAsync(server, Files(PeerNames.Manager));
    }

    [Fact]
    public async Task Manager_talks_to_no_worker_of_another_namespace()
    {
        await using var server = await WorkerServer.StartAsync(tls: Files(PeerNames.WorkerOf("pools-b")));
        await RefusedAsync(server, Files(PeerNames.Manager), PeerNames.WorkerOf("pools-a"));
        await RefusedAsync(server, Files(PeerNames.Manager), PeerNames.WorkerOf(""));
    }

    [Fact]
    public async Task Current_after_the_files_have_changed_is_what_they_hold()
    {
        var clock = new ShiftedClock();
        var path = _authority.Issue(PeerNames.Manager);
        var files = new TlsDirectory(path, clock);
        var before = files.Current.Own.Thumbprint;

        _authority.Write(path, PeerNames.Manager);
        File.SetLastWriteTimeUtc(Path.Combine(path, "tls.crt"), TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5));
        files.Current.Own.Thumbprint.ShouldBe(before);
        clock.Advance(TimeSpan.FromSeconds(2));

        files.Current.Own.Thumbprint.ShouldNotBe(before);
        await Task.CompletedTask;
    }

    [Fact]
    public void Current_while_the_files_are_half_written_is_what_they_held()
    {
        var clock = new ShiftedClock();
        var path = _authority.Issue(PeerNames.Manager);
        var files = new TlsDirectory(path, clock);
        var before = files.Current.Own.Thumbprint;

        File.WriteAllText(Path.Combine(path, "tls.crt"), "-----BEGIN CERT");
        File.SetLastWriteTimeUtc(Path.Combine(path, "tls.crt"), TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5));
        clock.Advance(TimeSpan.FromSeconds(2));

        files.Current.Own.Thumbprint.ShouldBe(before);
    }

    [Theory]
    [InlineData("tls.crt")]
    [InlineData("tls.key")]
    [InlineData("ca.crt")]
    public void Directory_without_a_file_is_refused_by_its_name(string missing)
    {
        var path = _authority.Issue(PeerNames.Manager);
        File.Delete(Path.Combine(path, missing));
        Should.Throw<InvalidOperationException>(() => new TlsDirectory(path, TimeProvider.System)).Message.ShouldContain(missing);
    }

    private TlsDirectory Files(string name) => new(_authority.Issue(name), TimeProvider.System);

    private static async Task RefusedAsync(WorkerServer server, TlsDirectory files, string worker = PeerNames.Worker)
    {
        using var handler = new SocketsHttpHandler { SslOptions = MutualTls.Dial(files, worker) };
        await RefusedAsync(server, handler);
    }

    private static async Task RefusedAsync(WorkerServer server, SocketsHttpHandler handler)
    {
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { HttpHandler = handler });
        using var call = new WorkerLink.WorkerLinkClient(channel).Attach(cancellationToken: TestContext.Current.CancellationToken);
        await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        server.Worker.Started.ShouldBe(0);
    }
}
