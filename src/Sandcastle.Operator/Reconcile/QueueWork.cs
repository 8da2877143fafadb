using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Watch;

namespace Sandcastle.Operator.Reconcile;

/// <summary>Takes key after key out of a queue and has each reconciled, until the term ends. Several may share one queue.</summary>
internal static class QueueWork
{
    internal static async Task RunAsync(WorkQueue queue, Func<ObjectKey, CancellationToken, Task> reconcile, CancellationToken cancellationToken)
    {
        while (true)
        {
            var key = await queue.TakeAsync(cancellationToken);
            try
            {
                await reconcile(key, cancellationToken);
            }
            catch (LeadershipLostException)
            {
                // The term's token ends this loop; until then nothing is written.
                queue.AddFailed(key);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // One request took too long.
                queue.AddFailed(key);
            }
            finally
            {
                queue.Done(key);
            }
        }
    }
}
