namespace Sandcastle.Testing.ApiServer.Requests;

/// <summary>Every request since the start or the last <see cref="Clear"/>, in the order they came.</summary>
public sealed class RequestLog
{
    /// <summary>Records that are kept; the oldest go first.</summary>
    private const int Limit = 200_000;

    private readonly Lock _gate = new();
    private readonly List<RequestRecord> _records = [];
    private long _dropped;

    public IReadOnlyList<RequestRecord> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>Those that changed objects, whether or not they were refused.</summary>
    public IReadOnlyList<RequestRecord> Writes => [.. All.Where(record => record.Request.IsWrite)];

    public void Clear()
    {
        lock (_gate)
        {
            _dropped += _records.Count;
            _records.Clear();
        }
    }

    /// <returns>A number by which the record is completed.</returns>
    internal long Begin(ApiRequest request, DateTimeOffset at)
    {
        lock (_gate)
        {
            _records.Add(new RequestRecord(request, at, 0));
            if (_records.Count > Limit)
            {
                _records.RemoveAt(0);
                _dropped++;
            }

            return _dropped + _records.Count - 1;
        }
    }

    internal void Complete(long number, ApiRequest request, int status)
    {
        lock (_gate)
        {
            var index = (int)(number - _dropped);
            if (index >= 0 && index < _records.Count)
            {
                _records[index] = _records[index] with { Request = request, Status = status };
            }
        }
    }
}
