using System.Globalization;
using System.Text;
using Sandcastle.Worker.Jails.Processes;

namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>What the system calls of this machine are numbered, by the names that libseccomp knows.</summary>
internal static class SeccompNumbers
{
    /// <param name="jailProgramPath">sandcastle-jail.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <exception cref="SeccompPolicyException">The program failed, or says something else than names and numbers.</exception>
    internal static async Task<IReadOnlyDictionary<string, int>> ReadAsync(
        string jailProgramPath, CancellationToken cancellationToken)
    {
        var result = await ChildProgram.RunAsync(jailProgramPath, ["numbers"], ReadOnlyMemory<byte>.Empty, cancellationToken);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var lines = Encoding.ASCII.GetString(result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var whole = Array.TrueForAll(lines, line => TryAdd(numbers, line));
        return result.ExitCode == 0 && whole && numbers.Count > 0
            ? numbers
            : throw new SeccompPolicyException(
            [
                $"{jailProgramPath} numbers exited with {result.ExitCode} after {lines.Length} lines",
                .. result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            ]);
    }

    private static bool TryAdd(Dictionary<string, int> numbers, string line) =>
        line.Split(' ') is [var name, var digits]
        && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && numbers.TryAdd(name, number);
}
