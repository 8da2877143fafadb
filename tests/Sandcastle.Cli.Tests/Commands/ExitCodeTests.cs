using Sandcastle.Client.Events;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Cli.Tests.Commands;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(Outcome.Succeeded, 0, null, 0)]
    [InlineData(Outcome.Failed, 3, null, 3)]
    [InlineData(Outcome.Signaled, null, 11, 139)]
    [InlineData(Outcome.TimedOut, null, 9, 124)]
    [InlineData(Outcome.OutOfMemory, null, 9, 137)]
    [InlineData(Outcome.OutOfMemory, 1, null, 137)]
    [InlineData(Outcome.DiskFull, 1, null, 1)]
    [InlineData(Outcome.OutputLimit, null, 9, 153)]
    [InlineData(Outcome.Cancelled, null, 9, 130)]
    [InlineData(Outcome.Interrupted, null, null, 125)]
    [InlineData(null, 0, null, 125)]
    public void Of_outcome_is_its_code(Outcome? outcome, int? exitCode, int? signal, int expected) =>
        ExitCodes.Of(new RunEnding { Id = "run", Outcome = outcome, ExitCode = exitCode, Signal = signal }).ShouldBe(expected);
}
