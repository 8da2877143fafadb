using System.CommandLine;
using Sandcastle.Cli.Processes;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle doctor</c>: what this machine has and lacks. Only sandcastled knows, so it is executed.</summary>
internal sealed class DoctorCommand : Command
{
    public DoctorCommand()
        : base("doctor", "Say what this machine has of what sandboxes need, and what a lack costs")
    {
        TreatUnmatchedTokensAsErrors = false;
        SetAction((result, _) => ChildProcess.ExecuteAsync(DaemonProgram.Find(), ["doctor", .. result.UnmatchedTokens]));
    }
}
