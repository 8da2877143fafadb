using System.Diagnostics;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Processes;
using Sandcastle.Protocol.Limits;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Runs;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Tests.Fuzzing;

namespace Sandcastle.Worker.Tests.Runs;

public sealed class RunSessionTests : IDisposable
{
    private readonly Reactor _reactor = new("sessions", (_, _) => { });

    /// <summary>What stands for the slot's init, and is killed with it.</summary>
    private readonly Process _process = Process.Start(new ProcessStartInfo("/bin/cat") { UseShellExecute = false, RedirectStandardInput = true })!;

    [Fact]
    public async Task End_that_is_told_after_the_keep_was_lost_has_the_output_before_it()
    {
        using var init = Pidfd.TryOpen(_process.Id).ShouldNotBeNull();
        await using var stand = await SlotStand.StartAsync(_reactor, SlotKind.Command);
        await stand.BecomeReadyAsync(init);
        var session = new RunSession(_reactor, stand.Slot, RunLimits.Default, output: null, announce: false);
        stand.Slot.TryBegin(session).ShouldBeTrue();
        session.Start(RunLimits.Default.Timeout);

        // The one after the other, without a pause in which what is late would have become too late.
        await stand.OnReactorAsync(() =>
        {
            stand.Slot.OnLost(JailException.Lost("keep"));
            stand.ProgramStdout!.Write("late"u8);
            SlotStand.Say(stand.Init, MessageKind.Exited, 64, []);
        });
        var ended = await session.Ended.WaitAsync(TestContext.Current.CancellationToken);

        ended.Stdout.Kept.ToArray().ShouldBe("late"u8.ToArray());
        new WaitStatus(ended.Exited!.Value.Status).Succeeded.ShouldBeTrue();
    }

    public void Dispose()
    {
        _reactor.Dispose();
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
