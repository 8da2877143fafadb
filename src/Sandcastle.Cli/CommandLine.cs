using System.CommandLine;
using System.CommandLine.Parsing;
using Sandcastle.Cli.Commands;
using Sandcastle.Cli.Processes;
using Sandcastle.Cli.Servers;
using Sandcastle.Client;

namespace Sandcastle.Cli;

/// <summary>Parses the command line, invokes the command, and turns what went wrong into a message and an exit code.</summary>
internal static class CommandLine
{
    private const string Run = "run";

    /// <summary>EPIPE of errno(3).</summary>
    private const int BrokenPipe = 32;

    public static Task<int> InvokeAsync(string[] args)
    {
        if (!KubectlProgram.IsMeant(args))
        {
            return InvokeAsync(new SandcastleCommand(), args);
        }

        // What the words mean is for that program to say; here they only tell which exit code its absence has.
        var isRun = new SandcastleCommand().Parse(args).CommandResult.Command.Name == Run;
        return ReportAsync(isRun, () => ChildProcess.ExecuteAsync(KubectlProgram.Find(), args));
    }

    public static Task<int> InvokeAsync(RootCommand root, IReadOnlyList<string> args)
    {
        var result = root.Parse(args);
        var isRun = result.CommandResult.Command.Name == Run;
        if (result.Errors.Count > 0)
        {
            return Task.FromResult(Refuse(result, isRun));
        }

        // No termination timeout: it would register handlers for SIGINT and SIGTERM, and the default of both is what we want.
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        return ReportAsync(isRun, () => result.InvokeAsync(configuration));
    }

    private static async Task<int> ReportAsync(bool isRun, Func<Task<int>> invoke)
    {
        try
        {
            return await invoke();
        }
        catch (CommandException e)
        {
            Messages.Write(e.Message);
            return isRun ? ExitCodes.NotRun : e.ExitCode;
        }
        catch (SandcastleException e)
        {
            Messages.Write(e);
        }
        catch (UsageException e)
        {
            Messages.Write(e.Message);
            return isRun ? ExitCodes.NotRun : ExitCodes.Usage;
        }
        catch (Exception e) when (e is ServerUnreachableException or DaemonStartException)
        {
            Messages.Write(e.Message);
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            return ExitCodes.OutputClosed;
        }
        catch (IOException e)
        {
            // Of our own streams: what the server's connection does is ServerUnreachable, and files are named where they are read.
            Messages.Write($"cannot write the output: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Cancelled;
        }
        catch (Exception e)
        {
            Messages.Write($"internal error: {e}");
        }

        return isRun ? ExitCodes.NotRun : ExitCodes.Failure;
    }

    private static int Refuse(ParseResult result, bool isRun)
    {
        foreach (var error in result.Errors)
        {
            Messages.Write(error.Message);
        }

        Messages.Write($"see '{PathOf(result.CommandResult)} --help'");
        return isRun ? ExitCodes.NotRun : ExitCodes.Usage;
    }

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : result.Command.Name;
}
