using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Link.Tls;

namespace Sandcastle.Link.Tests.Tls;

/// <summary>Certificates are exchanged under processes that run.</summary>
public sealed class RotationTests : IDisposable
{
    private readonly ShiftedClock _clock = new();
    private readonly Authority _first = new();
    private readonly Authority _second = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    /// <summary>From one authority to another that nobody believed before, without a restart: who was connected stays so, who comes is known by the new ones.</summary>
    [Fact]
    public async Task Ends_whose_secrets_are_exchanged_keep_their_connection_and_take_up_the_new_ones()
    {
        using var workers = new MountedSecret(_first.Issue(PeerNames.Worker));
        using var managers = new MountedSecret(_first.Issue(PeerNames.Manager));
        await using var server = await WorkerServer.StartAsync(tls: new TlsDirectory(workers.Path, _clock));
        var files = new TlsDirectory(managers.Path, _clock);
        await using var connected = await ManagerEnd.StartAsync(files, server);

        workers.Exchange(_second.Issue(PeerNames.Worker));
        managers.Exchange(_second.Issue(PeerNames.Manager));
        _clock.Advance(TimeSpan.FromSeconds(2));

        (await connected.RunAsync()).Receipt.Worker.ShouldBe("worker-a");
        await using var later = await ManagerEnd.StartAsync(files, server);
        (await later.RunAsync()).Receipt.Worker.ShouldBe("worker-a");
        await using var other = await ManagerEnd.StartAsync(new TlsDirectory(_second.Issue(PeerNames.Manager), TimeProvider.System), server);
        (await other.RunAsync()).Receipt.Worker.ShouldBe("worker-a");
    }

    [Fact]
    public void Current_of_a_volume_is_what_the_kubelet_put_there_last()
    {
        using var volume = new MountedSecret(_first.Issue(PeerNames.Manager));
        var files = new TlsDirectory(volume.Path, _clock);
        var seen = new HashSet<string> { files.Current.Own.Thumbprint };

        for (var i = 0; i < 3; i++)
        {
            volume.Exchange(_second.Issue(PeerNames.Manager));
            _clock.Advance(TimeSpan.FromSeconds(2));
            seen.Add(files.Current.Own.Thumbprint).ShouldBeTrue();
        }
    }
}
