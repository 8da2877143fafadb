using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Accounting;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Tests.Accounting;

public sealed class OutcomeRuleTests
{
    private const int Killed = 9;
    private const int Aborted = 6;

    private static int Exit(int code) => code << 8;

    public static TheoryData<string, Outcome> Cases => new()
    {
        { "exit 0", Outcome.Succeeded },
        { "exit 3", Outcome.Failed },
        { "abort", Outcome.Signaled },
        { "kill", Outcome.Signaled },
        { "kill, timeout", Outcome.TimedOut },
        { "kill, cancel", Outcome.Cancelled },
        { "kill, output", Outcome.OutputLimit },
        { "exit 0, timeout", Outcome.Succeeded },
        { "exit 0, output", Outcome.OutputLimit },
        { "exit 1, timeout", Outcome.TimedOut },
        { "kill, oom", Outcome.OutOfMemory },
        { "exit 1, oom", Outcome.OutOfMemory },
        { "exit 0, oom", Outcome.Succeeded },
        { "kill, oom, timeout", Outcome.TimedOut },
        { "exit 1, full", Outcome.DiskFull },
        { "exit 0, full", Outcome.Succeeded },
        { "exit 1, full, oom", Outcome.OutOfMemory },
        { "kill, lost", Outcome.Interrupted },
        { "exit 1, lost", Outcome.Failed },
        { "kill, lost, oom", Outcome.OutOfMemory },
        { "unknown", Outcome.Interrupted },
        { "unknown, timeout", Outcome.TimedOut },
        { "unknown, cancel", Outcome.Cancelled },
        { "unknown, oom", Outcome.OutOfMemory },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Decide_from_what_is_known(string known, Outcome expected)
    {
        var facts = known.Split(", ");
        var end = new RunEnd
        {
            Status = facts[0] switch
            {
                "unknown" => null,
                "kill" => new WaitStatus(Killed),
                "abort" => new WaitStatus(Aborted),
                var exit => new WaitStatus(Exit(exit[^1] - '0')),
            },
            Kill = facts.Contains("timeout") ? KillReason.Timeout
                : facts.Contains("cancel") ? KillReason.Cancelled
                : facts.Contains("output") ? KillReason.OutputLimit
                : KillReason.None,
            OomKilled = facts.Contains("oom"),
            DiskFull = facts.Contains("full"),
            InitLost = facts.Contains("lost"),
        };

        OutcomeRule.Decide(end).ShouldBe(expected);
    }

    [Fact]
    public void MemoryIntegral_is_the_area_under_the_samples()
    {
        var second = System.Diagnostics.Stopwatch.Frequency;
        var integral = default(MemoryIntegral);

        integral.Add(10 * second, 100);
        integral.ByteSeconds.ShouldBe(0);
        integral.Add(12 * second, 300);
        integral.Add(13 * second, 300);

        integral.ByteSeconds.ShouldBe(700, 1e-9);
    }
}
