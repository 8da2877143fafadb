using System.Runtime;
using Sandcastle.Linux.Epoll;
using Sandcastle.Worker.Jails.Processes;

namespace Sandcastle.Worker.Tests.Jails;

/// <summary>
/// A child that has ended leaves no pipe open. Collections are held off meanwhile: one would close what was forgotten, and so hide it
/// here, where they are frequent, but not in a daemon, where such an end can wait for hours.
/// </summary>
[Collection(nameof(PipeCollection))]
public sealed class ChildPipeTests : IDisposable
{
    private const long AllocatedAtMost = 100 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryDirectory _directory = new();
    private readonly Reactor _reactor = new("test", (_, failure) => throw failure);

    public void Dispose()
    {
        _reactor.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public Task Program_that_has_ended_leaves_no_pipe() => WithoutCollectionsAsync(async () =>
        (await ChildProgram.RunAsync("/bin/echo", ["1"], default, TestContext.Current.CancellationToken)).ExitCode.ShouldBe(0));

    [Fact]
    public Task Broker_that_has_ended_leaves_no_pipe() => WithoutCollectionsAsync(async () =>
    {
        var (broker, socket) = await BrokerProcess.StartAsync(
            Repository.PathTo("artifacts", "native", "sandcastle-jail"),
            Path.Combine(_directory.Location, "socket"),
            _reactor,
            _ => { },
            TestContext.Current.CancellationToken);
        socket.Dispose();
        broker.Dispose();
    });

    private static async Task WithoutCollectionsAsync(Func<Task> act)
    {
        // What other tests have forgotten would be closed meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = CountPipes();
        GC.TryStartNoGCRegion(AllocatedAtMost).ShouldBeTrue();
        try
        {
            await act();
            var start = TimeProvider.System.GetTimestamp();
            while (CountPipes() > before && TimeProvider.System.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Glance, TestContext.Current.CancellationToken);
            }

            CountPipes().ShouldBeLessThanOrEqualTo(before);
            GCSettings.LatencyMode.ShouldBe(GCLatencyMode.NoGCRegion);
        }
        finally
        {
            if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            {
                GC.EndNoGCRegion();
            }
        }
    }

    private static int CountPipes() => Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Count(descriptor => new FileInfo(descriptor).LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true);
}
