using System.Diagnostics;
using Sandcastle.EndToEnd.Hostile;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.EndToEnd.Servers;

/// <summary>
/// A program that is at work until the test lets it go, and prints <c>done</c> then, however long the test needs for what it does meanwhile:
/// it waits for a child, which is ended from outside.
/// </summary>
internal static class HeldProgram
{
    public const string Code = "import subprocess; subprocess.call(['sleep', '4711']); print('done')";

    private const string Child = "sleep 4711";

    public static RunRequest Request { get; } = new() { Template = "python", Code = Code, Limits = new LimitsRequest { TimeoutMs = 600_000 } };

    /// <summary>Waits until so many of them are at work.</summary>
    public static async Task WaitAsync(Daemon daemon, int programs, CancellationToken cancellationToken)
    {
        while (Children(daemon).Count < programs)
        {
            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>What they wait for, by pid.</summary>
    public static IReadOnlyList<int> Children(Daemon daemon) =>
        [.. Outside.Descendants(daemon.Process.Id).Where(process => process.CommandLine == Child).Select(process => process.Pid)];

    public static void Release(Daemon daemon)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -KILL {string.Join(' ', Children(daemon))}"]);
        kill.WaitForExit();
    }
}
