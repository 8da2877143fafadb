using Sandcastle.Linux.Processes;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Accounting;

/// <summary>How a program ended: see DESIGN sections 5 and 7.</summary>
internal static class OutcomeRule
{
    internal static Outcome Decide(in RunEnd end)
    {
        // What was written beyond all measure stays that, also when the program ended before our signal reached it.
        if (end.Kill == KillReason.OutputLimit)
        {
            return Outcome.OutputLimit;
        }

        if (end.Status is not { } status)
        {
            return Killed(end.Kill) ?? (end.OomKilled ? Outcome.OutOfMemory : Outcome.Interrupted);
        }

        if (status.Succeeded)
        {
            return Outcome.Succeeded;
        }

        return Killed(end.Kill) ?? Failed(end, status.Signal);
    }

    private static Outcome Failed(in RunEnd end, int? signal)
    {
        if (end.OomKilled)
        {
            return Outcome.OutOfMemory;
        }

        if (signal == (int)Signal.SIGKILL && end.InitLost)
        {
            return Outcome.Interrupted;
        }

        if (end.DiskFull)
        {
            return Outcome.DiskFull;
        }

        return signal is null ? Outcome.Failed : Outcome.Signaled;
    }

    private static Outcome? Killed(KillReason reason) => reason switch
    {
        KillReason.Timeout => Outcome.TimedOut,
        KillReason.Cancelled => Outcome.Cancelled,
        KillReason.OutputLimit => Outcome.OutputLimit,
        KillReason.Interrupted => Outcome.Interrupted,
        _ => null,
    };
}
