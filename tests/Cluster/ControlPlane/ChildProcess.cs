using System.Diagnostics;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// A program of the control plane. It ends when this object is disposed, and when the test program ends in whatever way: a shell between
/// the two waits on a pipe that closes then.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const string Guard = """
        log=$1; shift
        exec 3<&0
        "$@" </dev/null >>"$log" 2>&1 3<&- &
        child=$!
        { cat <&3 >/dev/null; kill "$child" 2>/dev/null; } &
        wait "$child"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ProcessStartInfo _start;
    private Process _process;

    private ChildProcess(string name, string logFile, ProcessStartInfo start)
    {
        Name = name;
        LogFile = logFile;
        _start = start;
        _process = Process.Start(start)!;
    }

    internal string Name { get; }

    internal string LogFile { get; }

    internal bool HasExited => _process.HasExited;

    /// <param name="name">Of its log, in artifacts/cluster.</param>
    /// <param name="program">A path.</param>
    /// <param name="arguments">Of the program.</param>
    /// <param name="environment">More variables.</param>
    internal static ChildProcess Start(
        string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var logs = Directory.CreateDirectory(Repository.PathTo("artifacts", "cluster")).FullName;
        var log = Path.Combine(logs, $"{name}.log");
        var start = new ProcessStartInfo("/bin/sh", ["-c", Guard, "guard", log, program, .. arguments])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        File.Delete(log);
        return new ChildProcess(name, log, start);
    }

    /// <summary>Ends it as a power cut would, with all that it started.</summary>
    internal async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Once more what has ended, with the same arguments; its log goes on.</summary>
    internal void StartAgain()
    {
        _process.HasExited.ShouldBeTrue($"{Name} still runs");
        _process.Dispose();
        _process = Process.Start(_start)!;
    }

    /// <summary>What it wrote last: why it is not there any more.</summary>
    internal string LastLines() => string.Join('\n', File.ReadLines(LogFile).TakeLast(15));

    /// <summary>Its exit code, once it has ended by itself.</summary>
    internal async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
