// sandcastled, the daemon of Kube-Sandcastle.
//
// One process plays all roles on one machine: the manager (keys, admission, routing, ledger, REST and MCP) and the worker
// (keeps, zygotes, slots). It takes its data directory for itself, starts the worker, opens one listener, says so in one line
// on stdout, and serves until SIGTERM, SIGINT or, with --idle-exit, until nobody has asked for a while. It never forks: the
// worker's broker, a small program in C, does that.
//
// Exit codes: 0 after a stop that was asked for, 1 when we failed, 2 when it cannot start as it was told to.
using System.CommandLine;
using Sandcastle.Daemon;
using Sandcastle.Daemon.Options;
using Sandcastle.Linux.Processes;

// Read once by the runtime, before the first socket: completions run on the thread that polls, not on one that has to be woken.
// Two wake-ups less per request: 0.1 ms of 0.4 on a busy machine of two processors.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

// Slots have uids of their own and must be able to read what is staged for them, whatever mask we were started with. What is for
// our eyes alone is made so by name.
OwnProcess.SetFileModeMask(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);

const int Failed = 1;
const int Misused = 2;

try
{
    var parsed = new DaemonCommand().Build(DaemonHost.ServeAsync).Parse(args);
    if (parsed.Errors.Count > 0)
    {
        throw new UsageException(string.Join('\n', parsed.Errors.Select(e => e.Message)));
    }

    // Signals are the host's business; the parser would end the process under it.
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (UsageException e)
{
    Console.Error.WriteLine($"sandcastled: {e.Message.Replace("\n", "\nsandcastled: ", StringComparison.Ordinal)}");
    return Misused;
}
#pragma warning disable CA1031 // The boundary of the process.
catch (Exception e)
#pragma warning restore CA1031
{
    Console.Error.WriteLine($"sandcastled: {((e is InvalidOperationException or IOException) ? e.Message : e)}");
    return Failed;
}
