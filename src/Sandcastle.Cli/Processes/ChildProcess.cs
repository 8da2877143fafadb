using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sandcastle.Cli.Processes;

/// <summary>The only place where this program starts others, and what it owes them.</summary>
internal static class ChildProcess
{
    private const string Shell = "/bin/sh";

    /// <summary>
    /// Executes a program in the foreground, on our own terminal and streams, and gives its exit code. Ctrl-C reaches it by the
    /// terminal, so that we only have to outlive it; SIGTERM comes to us alone and is passed on.
    /// </summary>
    public static async Task<int> ExecuteAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using var child = Start(start);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, static context => context.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            Terminate(child.Id);
        });
        await child.WaitForExitAsync();
        return child.ExitCode;
    }

    /// <summary>Runs a program to its end and gives what it wrote on stdout. Its stderr is ours, its stdin too or else nothing.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be executed.</exception>
    public static async Task<(int ExitCode, byte[] Output)> CaptureAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?> environment,
        bool ownStdin,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = !ownStdin,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var child = Start(start);
        if (!ownStdin)
        {
            child.StandardInput.Close();
        }

        using var killed = cancellationToken.UnsafeRegister(static process => ((Process)process!).Kill(entireProcessTree: true), child);
        using var output = new MemoryStream();
        await child.StandardOutput.BaseStream.CopyToAsync(output, CancellationToken.None);
        await child.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return (child.ExitCode, output.ToArray());
    }

    /// <summary>
    /// Starts a program that outlives us: a session of its own (no terminal, no Ctrl-C of ours), nothing on stdin, stdout and stderr
    /// in a file. The process that we get is that program, since setsid(1) and the shell both execute in place.
    /// </summary>
    public static Process StartDetached(string program, IEnumerable<string> arguments, string logPath)
    {
        string[] shell = ["-c", "log=$1; shift; exec setsid \"$@\" </dev/null >\"$log\" 2>&1", "sh", logPath, program];
        return Start(new ProcessStartInfo(Shell, shell.Concat(arguments)) { WorkingDirectory = "/" });
    }

    /// <summary>Starts a program that we end: on our process group, its output in a file.</summary>
    public static Process StartAttached(string program, IEnumerable<string> arguments, string logPath)
    {
        string[] shell = ["-c", "log=$1; shift; exec \"$@\" </dev/null >\"$log\" 2>&1", "sh", logPath, program];
        return Start(new ProcessStartInfo(Shell, shell.Concat(arguments)) { WorkingDirectory = "/" });
    }

    /// <summary>Sends SIGTERM, for which the class library has no call.</summary>
    public static void Terminate(int processId)
    {
        using var kill = Start(new ProcessStartInfo(Shell, ["-c", "kill -TERM \"$1\" 2>/dev/null", "sh", $"{processId}"]));
        kill.WaitForExit();
    }

    private static Process Start(ProcessStartInfo start)
    {
        // What we start inherits no descriptor beyond the three (all are close-on-exec) and default signal dispositions.
#pragma warning disable RS0030 // This is the one folder that may.
        return Process.Start(start)!;
#pragma warning restore RS0030
    }
}
