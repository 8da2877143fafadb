using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests;

public sealed class RunHandleTests
{
    /// <summary>A worker whose slot died with the job in its hand, and had no other, is followed by one that tells of the start again.</summary>
    [Fact]
    public async Task OnStarted_toldByTwoWorkers_isHeardOnce()
    {
        await using var stage = new GateStage();
        var run = new Run(new AdmittedRun(stage.Order(), Base64: false, TimeSpan.Zero, Metadata: null), live: true, CancellationToken.None);
        var told = 0;
        run.WhenStarted = () => told++;
        ((IRunOutput)run).OnStarted();
        ((IRunOutput)run).OnStarted();
        told.ShouldBe(1);
        var position = default(OutputPosition);
        run.Output!.TryRead(ref position, out var first).ShouldBeTrue();
        first.Kind.ShouldBe(OutputKind.Started);
        run.Output.TryRead(ref position, out _).ShouldBeFalse();
    }
}
