using System.Collections.Concurrent;
using System.Diagnostics;

namespace Sandcastle.Faults.Servers;

/// <summary>
/// Counts how often each program began, from outside of its jail: a FIFO in a tree that templates bring along. The tree is mounted
/// read-only, which a FIFO can be written through all the same, and a line that is no longer than PIPE_BUF is written whole or not at
/// all. So a program whose first act is to write its token is counted once for each time it is begun, whoever dies later.
/// </summary>
public sealed class Marks : IAsyncDisposable
{
    private const string Fifo = "begun";

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);
    private readonly DirectoryInfo _directory;
    private readonly FileStream _fifo;
    private readonly Task _reading;
    private int _flushes;

    private Marks(DirectoryInfo directory)
    {
        _directory = directory;
        // For reading and writing: opening waits for nobody, and the end never comes by itself.
        _fifo = new FileStream(Path.Combine(directory.FullName, Fifo), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        _reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The tree that templates bring along.</summary>
    public string Tree => _directory.FullName;

    /// <summary>Where programs see it.</summary>
    public static string Target => "/marks";

    /// <summary>What programs write their token to.</summary>
    public static string File => $"{Target}/{Fifo}";

    public static async Task<Marks> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("sandcastle-marks-");
        System.IO.File.SetUnixFileMode(directory.FullName, (UnixFileMode)Convert.ToInt32("755", 8));
        using var mkfifo = Process.Start("mkfifo", ["-m", "666", Path.Combine(directory.FullName, Fifo)]);
        await mkfifo.WaitForExitAsync();
        mkfifo.ExitCode.ShouldBe(0);
        return new Marks(directory);
    }

    public int Count(string token) => _counts.GetValueOrDefault(token);

    /// <summary>Returns when everything that was written before is counted.</summary>
    public Task FlushAsync()
    {
        var flush = $"flush-{Interlocked.Increment(ref _flushes)}";
        var seen = _awaited[flush] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Write(flush);
        return seen.Task;
    }

    public async ValueTask DisposeAsync()
    {
        Write("");
        await _reading;
        await _fifo.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private void Write(string line) => _fifo.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));

    private void Read()
    {
        using var reader = new StreamReader(_fifo, leaveOpen: true);
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            if (_awaited.TryRemove(line, out var seen))
            {
                seen.SetResult();
            }
            else
            {
                _counts.AddOrUpdate(line, 1, static (_, count) => count + 1);
            }
        }
    }
}
