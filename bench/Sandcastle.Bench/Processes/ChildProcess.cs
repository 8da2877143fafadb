using System.Diagnostics;

namespace Sandcastle.Bench.Processes;

/// <summary>The only place where this program starts others by itself; what is timed is started by the <see cref="Spawner"/>.</summary>
internal static class ChildProcess
{
    /// <summary>A child that is spoken with over its stdin and stdout; its stderr is ours.</summary>
    public static Process StartConversation(string program, params string[] arguments) =>
        Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true });

    /// <summary>A child that writes into a file. The shell executes it in place, so the process is the program itself.</summary>
    public static Process StartLogged(string logPath, string program, params string[] arguments)
    {
        string[] shell = ["-c", "log=$1; shift; exec \"$@\" </dev/null >\"$log\" 2>&1", "sh", logPath, program];
        return Start(new ProcessStartInfo("/bin/sh", shell.Concat(arguments)));
    }

    /// <summary>Starts a program and reads its output to the end, as .NET programs do.</summary>
    public static TimeSpan TimeManaged(string program)
    {
        var begin = Stopwatch.GetTimestamp();
        using var process = Start(new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true });
        _ = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Stopwatch.GetElapsedTime(begin);
    }

    private static Process Start(ProcessStartInfo start) => Process.Start(start)!;
}
