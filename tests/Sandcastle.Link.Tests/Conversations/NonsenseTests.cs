using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Tests.Conversations;

/// <summary>A worker that says what no worker says.</summary>
public sealed class NonsenseTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Meter_that_no_machine_has_is_not_believed_and_the_one_before_stands()
    {
        var sane = new WorkerMeter
        {
            Incarnation = "one",
            StartedAt = TimeProvider.System.GetUtcNow().AddMinutes(-1),
            Elapsed = TimeSpan.FromMinutes(1),
            CpuMillis = 2000,
            MemoryBytes = 1 << 30,
            Overhead = TimeSpan.FromSeconds(1),
        };
        await using var server = await WorkerServer.StartAsync(new FakeWorker { Meter = sane });
        await using var manager = await ManagerEnd.StartAsync(tls: null, server);
        var link = manager.Workers.Workers[0];
        await UntilAsync(() => link.ReadMeter()?.CpuMillis == 2000);
        server.Worker.Meter = sane with { CpuMillis = long.MaxValue, Elapsed = TimeSpan.MaxValue };
        await UntilAsync(() => link.MeterFault is not null);
        link.MeterFault.ShouldNotBeNull().ShouldStartWith("elapsed");
        link.ReadMeter()!.CpuMillis.ShouldBe(2000);
        server.Worker.Meter = sane with { CpuMillis = 3000 };
        await UntilAsync(() => link.ReadMeter()?.CpuMillis == 3000 && link.MeterFault is null);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            Cancelled.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(10), Cancelled);
        }
    }
}
