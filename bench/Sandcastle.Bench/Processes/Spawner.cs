using System.Diagnostics;
using System.Text.Json;

namespace Sandcastle.Bench.Processes;

/// <summary>
/// Starts what is timed, through a small Python program of its own (<c>spawner.py</c>): what Process.Start costs would be part of
/// every baseline, and so flatter us. One job at a time.
/// </summary>
internal sealed class Spawner : IDisposable
{
    private static readonly JsonSerializerOptions Json = JsonSerializerOptions.Web;

    private readonly Process _process = ChildProcess.StartConversation(
        Programs.Python, "-I", "-S", Path.Combine(AppContext.BaseDirectory, "spawner.py"));

    /// <exception cref="BenchException">A program could not be started, or one failed.</exception>
    public async Task<SpawnResult> RunAsync(SpawnJob job, CancellationToken cancellationToken)
    {
        var result = await TryRunAsync(job, cancellationToken);
        return result.Flaw.Length == 0
            ? result
            : throw new BenchException($"{string.Join(' ', job.Argv)}: {result.Failed} of {result.WallMs.Count} failed, the last with {result.Flaw}");
    }

    /// <summary>The same, for programs that may fail.</summary>
    public async Task<SpawnResult> TryRunAsync(SpawnJob job, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(job, Json).AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new BenchException("the spawner ended");
        return JsonSerializer.Deserialize<SpawnResult>(line, Json)!;
    }

    public void Dispose()
    {
        // It ends at the end of its input.
        _process.StandardInput.Close();
        _process.Dispose();
    }
}
