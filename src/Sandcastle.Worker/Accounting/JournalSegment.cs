using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Accounting;

/// <summary>One file of the journal, named by the position at which it starts. Reading is safe while another thread appends.</summary>
internal sealed class JournalSegment : IDisposable
{
    private const int ReadBytes = 128 * 1024;
    private const int Digits = 20;
    private const string Prefix = "receipts-";
    private const string Suffix = ".log";

    /// <summary>Too large to be made anew for every batch of a few receipts.</summary>
    [ThreadStatic]
    private static byte[]? _buffer;

    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private long _end;

    private JournalSegment(string path, long start, SafeFileHandle handle, long length)
    {
        (_path, Start, _handle) = (path, start, handle);
        _end = start + length;
    }

    internal long Start { get; }

    /// <summary>Position behind the last whole record.</summary>
    internal long End => Volatile.Read(ref _end);

    internal static JournalSegment Create(string directory, long start)
    {
        var path = Path.Combine(directory, Prefix + start.ToString("d" + Digits, CultureInfo.InvariantCulture) + Suffix);
        return new JournalSegment(path, start, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read), 0);
    }

    /// <summary>The segments in a directory, in order. A record that a kill cut short is cut off: nobody was told of it.</summary>
    internal static IEnumerable<JournalSegment> OpenAll(string directory)
    {
        foreach (var path in Directory.EnumerateFiles(directory, Prefix + "*" + Suffix).Order(StringComparer.Ordinal))
        {
            if (!TryParseStart(Path.GetFileName(path), out var start))
            {
                continue; // somebody's copy; ours are all named alike
            }

            var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            var segment = new JournalSegment(path, start, handle, RandomAccess.GetLength(handle));
            segment.CutTail();
            yield return segment;
        }
    }

    /// <summary>One thread at a time.</summary>
    internal void Append(ReadOnlySpan<byte> record)
    {
        RandomAccess.Write(_handle, record, _end - Start);
        Volatile.Write(ref _end, _end + record.Length);
    }

    /// <summary>Reads whole records from a position on, up to <paramref name="limit"/> of them, and moves the position behind them.</summary>
    internal List<Receipt> Read(ref long position, int limit)
    {
        var receipts = new List<Receipt>();
        var buffer = _buffer ??= new byte[ReadBytes];
        while (receipts.Count < limit && position < End)
        {
            var length = RandomAccess.Read(_handle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, End - position)), position - Start);
            if (length == 0)
            {
                throw new InvalidDataException($"{_path} is shorter than what was written to it: it ends at {position - Start}.");
            }

            var lines = buffer.AsSpan(0, length);
            var taken = 0;
            for (int newline; receipts.Count < limit && (newline = lines[taken..].IndexOf((byte)'\n')) >= 0; taken += newline + 1)
            {
                var line = lines.Slice(taken, newline);
                // A line that rotted on disk says nothing any more; those behind it still do.
                if (JournalRecord.IsWhole(line))
                {
                    receipts.Add(ReadRecord(line, position + taken));
                }
            }

            // No record is as long as the buffer: what has no end in it is rot, of which the next line is the last part.
            position += taken > 0 ? taken : length;
        }

        return receipts;
    }

    internal void Delete()
    {
        Dispose();
        File.Delete(_path);
    }

    public void Dispose() => _handle.Dispose();

    private static bool TryParseStart(string name, out long start)
    {
        start = 0;
        var digits = name.AsSpan(Prefix.Length, name.Length - Prefix.Length - Suffix.Length);
        return digits.Length == Digits && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out start);
    }

    /// <exception cref="InvalidDataException">It is whole, but no receipt: another version wrote it.</exception>
    private Receipt ReadRecord(ReadOnlySpan<byte> line, long position)
    {
        try
        {
            return JournalRecord.Read(line);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{_path} has a record at {position - Start} that this version cannot read.", e);
        }
    }

    /// <summary>A machine that went down can leave any length of zeros behind the last record, so the whole file may have to be looked at.</summary>
    private void CutTail()
    {
        var part = new byte[ReadBytes];
        var whole = _end - Start;
        while (whole > 0)
        {
            var from = Math.Max(0, whole - part.Length);
            var length = RandomAccess.Read(_handle, part.AsSpan(0, (int)(whole - from)), from);
            var newline = part.AsSpan(0, length).LastIndexOf((byte)'\n');
            whole = from + newline + 1;
            if (newline >= 0)
            {
                break;
            }
        }

        _end = Start + whole;
        RandomAccess.SetLength(_handle, whole);
    }
}
