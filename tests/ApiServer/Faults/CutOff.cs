using Sandcastle.Testing.ApiServer.Requests;

namespace Sandcastle.Testing.ApiServer.Faults;

/// <summary>A client that is allowed so many more writes and is then cut off, as if it had been killed there. Disposing lets it back in.</summary>
public sealed class CutOff : IDisposable
{
    private readonly Func<ApiRequest, bool> _match;
    private readonly bool _losesLastAnswer;
    private readonly Action<CutOff> _ended;
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _left;

    internal CutOff(Func<ApiRequest, bool> match, int writes, bool losesLastAnswer, Action<CutOff> ended)
    {
        (_match, _left, _losesLastAnswer, _ended) = (match, writes, losesLastAnswer, ended);
        if (writes == 0)
        {
            _happened.SetResult();
        }
    }

    /// <summary>Done once the last allowed write took effect.</summary>
    public Task Happened => _happened.Task;

    public void Dispose() => _ended(this);

    /// <summary>True when the request must not come through.</summary>
    internal bool Bars(ApiRequest request) => Happened.IsCompleted && _match(request);

    /// <summary>Counts a write that took effect; true when its answer must be lost.</summary>
    internal bool Count(ApiRequest request)
    {
        if (!_match(request))
        {
            return false;
        }

        lock (_gate)
        {
            _left--;
            if (_left == 0)
            {
                _happened.TrySetResult();
            }

            return _left < 0 || (_left == 0 && _losesLastAnswer);
        }
    }
}
