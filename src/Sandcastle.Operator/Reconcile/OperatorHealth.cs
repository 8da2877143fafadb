namespace Sandcastle.Operator.Reconcile;

/// <summary>What the health endpoint tells. Thread-safe.</summary>
public sealed class OperatorHealth
{
    private int _isSynced;

    /// <summary>This operator leads, and knows the cluster. One that waits to lead is healthy, too.</summary>
    public bool IsWorking => Volatile.Read(ref _isSynced) == 1;

    internal void SetSynced(bool isSynced) => Volatile.Write(ref _isSynced, isSynced ? 1 : 0);
}
