using System.ComponentModel;
using System.Diagnostics;

namespace Sandcastle.Worker.Jails.Processes;

/// <summary>
/// Runs one of our own small programs to its end. For tools that are done in a moment and see no guest; the jail's lasting
/// processes are the broker's. Output is kept in memory.
/// </summary>
internal static class ChildProgram
{
    /// <exception cref="Win32Exception">The program cannot be executed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the program is killed.</exception>
    internal static async Task<ChildResult> RunAsync(
        string path, IEnumerable<string> arguments, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = await ProgramStart.StartAsync(start, cancellationToken);
        try
        {
            // Process.Dispose leaves open what was asked of it.
            using var stdout = process.StandardOutput;
            using var stderr = process.StandardError;
            using var output = new MemoryStream();
            var reading = stdout.BaseStream.CopyToAsync(output, cancellationToken);
            var complaining = stderr.ReadToEndAsync(cancellationToken);
            await WriteAsync(process, input, cancellationToken);
            await reading;
            var error = await complaining;
            await process.WaitForExitAsync(cancellationToken);
            return new ChildResult(process.ExitCode, output.ToArray(), error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    // A program that ends before it has read everything says why on stderr and by its exit code.
    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }
}
