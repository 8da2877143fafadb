using System.Globalization;
using System.Runtime.CompilerServices;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Accounting;

/// <summary>
/// Receipts on their way to the ledger: appended before an answer leaves, read in batches, forgotten when they are acknowledged.
/// One <c>write</c> each and no fsync: a receipt survives the death of every process of ours, not that of the machine.
/// Safe for concurrent use.
/// </summary>
internal sealed class ReceiptJournal : IDisposable
{
    private const int BatchReceipts = 256;
    private const long DefaultSegmentBytes = 16L << 20;

    private readonly Lock _gate = new();
    private readonly string _directory;
    private readonly long _segmentBytes;
    private readonly List<JournalSegment> _segments;
    private TaskCompletionSource _appended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _awaited;
    private long _acknowledged;

    private ReceiptJournal(string directory, long segmentBytes, long acknowledged, List<JournalSegment> segments)
    {
        (_directory, _segmentBytes, _acknowledged, _segments) = (directory, segmentBytes, acknowledged, segments);
        if (segments.Count == 0)
        {
            segments.Add(JournalSegment.Create(directory, acknowledged));
        }
    }

    private string AcknowledgedFile => Path.Combine(_directory, "acknowledged");

    /// <param name="directory">Made when it is not there. One journal at a time: the caller holds the data directory's lock.</param>
    /// <param name="segmentBytes">A file that has grown to this is followed by the next.</param>
    internal static ReceiptJournal Open(string directory, long segmentBytes = DefaultSegmentBytes)
    {
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, "acknowledged");
        var acknowledged = File.Exists(file) ? long.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) : 0;
        return new ReceiptJournal(directory, segmentBytes, acknowledged, [.. JournalSegment.OpenAll(directory)]);
    }

    /// <summary>When it returns, the receipt will reach the ledger, whatever happens to this process.</summary>
    internal void Append(Receipt receipt)
    {
        var record = JournalRecord.Write(receipt);
        TaskCompletionSource? wake = null;
        lock (_gate)
        {
            if (_segments[^1].End - _segments[^1].Start >= _segmentBytes)
            {
                _segments.Add(JournalSegment.Create(_directory, _segments[^1].End));
            }

            _segments[^1].Append(record);
            if (_awaited)
            {
                wake = _appended;
                _appended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _awaited = false;
            }
        }

        wake?.SetResult();
    }

    /// <summary>From the oldest receipt that is not acknowledged; then waits for more, until cancelled.</summary>
    internal async IAsyncEnumerable<ReceiptBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = Volatile.Read(ref _acknowledged);
        while (true)
        {
            var (segment, appended) = Find(position);
            if (segment is null)
            {
                await appended.WaitAsync(cancellationToken);
                continue;
            }

            position = Math.Max(position, segment.Start);
            var receipts = segment.Read(ref position, BatchReceipts);
            if (receipts.Count > 0)
            {
                yield return new ReceiptBatch(position, receipts);
            }
        }
    }

    /// <summary>What is not acknowledged now, oldest first.</summary>
    internal IEnumerable<Receipt> Unacknowledged()
    {
        var position = Volatile.Read(ref _acknowledged);
        while (Find(position).Segment is { } segment)
        {
            position = Math.Max(position, segment.Start);
            foreach (var receipt in segment.Read(ref position, BatchReceipts))
            {
                yield return receipt;
            }
        }
    }

    /// <summary>The ledger holds everything before this position for good.</summary>
    internal void Acknowledge(long position)
    {
        lock (_gate)
        {
            if (position <= _acknowledged || position > _segments[^1].End)
            {
                return;
            }

            // Renamed into place: a kill leaves the old position or the new one, and the ledger knows a receipt that comes twice.
            var next = AcknowledgedFile + ".new";
            File.WriteAllText(next, position.ToString(CultureInfo.InvariantCulture));
            File.Move(next, AcknowledgedFile, overwrite: true);
            Volatile.Write(ref _acknowledged, position);
            while (_segments.Count > 1 && _segments[0].End <= position)
            {
                _segments[0].Delete();
                _segments.RemoveAt(0);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _segments.ForEach(segment => segment.Dispose());
        }
    }

    /// <summary>The segment that holds what comes after a position, or a task that ends when there is more.</summary>
    private (JournalSegment? Segment, Task Appended) Find(long position)
    {
        lock (_gate)
        {
            var segment = _segments.Find(segment => segment.End > position);
            _awaited |= segment is null;
            return (segment, _appended.Task);
        }
    }
}
