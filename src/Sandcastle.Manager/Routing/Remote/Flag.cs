namespace Sandcastle.Manager.Routing.Remote;

/// <summary>Something that holds or does not, and can be waited for. Safe for concurrent use.</summary>
internal sealed class Flag
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _set = New();

    internal void Set(bool holds)
    {
        lock (_gate)
        {
            if (holds)
            {
                _set.TrySetResult();
            }
            else if (_set.Task.IsCompleted)
            {
                _set = New();
            }
        }
    }

    internal Task WhenSetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _set.Task.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
