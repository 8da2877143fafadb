using System.Buffers;
using System.IO.MemoryMappedFiles;
using System.Text.Json;

namespace Sandcastle.Worker.Accounting;

/// <summary>
/// The runs that are going on, in a file that is mapped into memory: writing an entry costs no system call, and what was written is
/// still there when this process was killed. (When the machine goes down its cgroups do too, so there is nothing more to know.)
/// Safe for concurrent use.
/// </summary>
internal sealed class OpenRunTable : IDisposable
{
    private const int EntryBytes = 2048;
    private const int LengthBytes = sizeof(int);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Lock _gate = new();
    private readonly Stack<int> _free;

    private OpenRunTable(MemoryMappedFile file, int capacity)
    {
        _file = file;
        _view = file.CreateViewAccessor();
        _free = new Stack<int>(Enumerable.Range(0, capacity).Reverse());
    }

    /// <summary>What a killed worker left; nothing where there is no table.</summary>
    internal static IReadOnlyList<OpenRun> ReadLeft(string path) => File.Exists(path) ? ReadAll(path) : [];

    /// <summary>Makes the table anew. What was left in it is lost: <see cref="ReadLeft"/> comes before, and receipts for it.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="capacity">Most runs at one time.</param>
    /// <exception cref="IOException">The disk has no room for all of it.</exception>
    internal static OpenRunTable Create(string path, int capacity)
    {
        File.Delete(path);
        var bytes = (long)capacity * EntryBytes;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            // Its blocks now: a page of a mapping that the disk has no room for is SIGBUS, in the middle of a run.
            PreallocationSize = bytes,
        };
        using (var file = new FileStream(path, options))
        {
            file.SetLength(bytes);
        }

        return new OpenRunTable(MemoryMappedFile.CreateFromFile(path, FileMode.Open), capacity);
    }

    /// <returns>The entry's number, for <see cref="Remove"/>.</returns>
    internal int Add(OpenRun run)
    {
        int entry;
        lock (_gate)
        {
            entry = _free.Pop();
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(run, ReceiptJson.Default.OpenRun);
        if (json.Length > EntryBytes - LengthBytes)
        {
            Free(entry);
            throw new InvalidOperationException($"A run's entry has {json.Length} bytes.");
        }

        var offset = (long)entry * EntryBytes;
        _view.WriteArray(offset + LengthBytes, json, 0, json.Length);
        // The length last, so that an entry which was cut short counts as none: its job was not handed over.
        Thread.MemoryBarrier();
        _view.Write(offset, json.Length);
        return entry;
    }

    /// <summary>Its receipt is in the journal.</summary>
    internal void Remove(int entry)
    {
        _view.Write((long)entry * EntryBytes, 0);
        Free(entry);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private void Free(int entry)
    {
        lock (_gate)
        {
            _free.Push(entry);
        }
    }

    private static List<OpenRun> ReadAll(string path)
    {
        using var handle = File.OpenHandle(path);
        var runs = new List<OpenRun>();
        var buffer = ArrayPool<byte>.Shared.Rent(EntryBytes);
        for (var offset = 0L; RandomAccess.Read(handle, buffer.AsSpan(0, EntryBytes), offset) == EntryBytes; offset += EntryBytes)
        {
            var length = BitConverter.ToInt32(buffer);
            if (length is > 0 and <= EntryBytes - LengthBytes && TryParse(buffer.AsSpan(LengthBytes, length)) is { } run)
            {
                runs.Add(run);
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return runs;
    }

    private static OpenRun? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ReceiptJson.Default.OpenRun);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
