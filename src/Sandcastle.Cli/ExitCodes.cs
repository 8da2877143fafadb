using Sandcastle.Client.Events;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Cli;

/// <summary>Exit codes of this program. <c>run</c> gives those of timeout(1), docker and the shell, so that scripts need learn nothing.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;

    /// <summary>EX_NOUSER of sysexits.h: a namespace, a service account or another object of the cluster that is not there.</summary>
    public const int Unknown = 67;

    /// <summary>EX_UNAVAILABLE of sysexits.h: nobody answers where the server should be.</summary>
    public const int Unavailable = 69;

    /// <summary>EX_NOPERM of sysexits.h: who asked is not known, or may not.</summary>
    public const int NoPermission = 77;

    /// <summary>EX_CONFIG of sysexits.h: the configuration that leads to the server is wrong.</summary>
    public const int Configuration = 78;

    /// <summary>timeout(1).</summary>
    public const int TimedOut = 124;

    /// <summary>The program did not run, or not to an end that says anything about it: our fault, or the command line's.</summary>
    public const int NotRun = 125;

    /// <summary>128 + SIGINT.</summary>
    public const int Cancelled = 130;

    /// <summary>128 + SIGKILL: what a shell shows after the kernel's out-of-memory killer.</summary>
    public const int OutOfMemory = 137;

    /// <summary>128 + SIGPIPE: whoever read our output has gone.</summary>
    public const int OutputClosed = 141;

    /// <summary>128 + SIGXFSZ, the signal of a file size limit.</summary>
    public const int OutputLimit = 153;

    private const int SignalBase = 128;

    public static int Of(RunEnding ending) => ending.Outcome switch
    {
        Outcome.Succeeded => Success,
        Outcome.TimedOut => TimedOut,
        Outcome.OutOfMemory => OutOfMemory,
        Outcome.OutputLimit => OutputLimit,
        Outcome.Cancelled => Cancelled,
        Outcome.Failed or Outcome.Signaled or Outcome.DiskFull => OfProgram(ending),
        _ => NotRun,
    };

    private static int OfProgram(RunEnding ending) =>
        ending.Signal is { } signal ? SignalBase + signal : ending.ExitCode ?? NotRun;
}
