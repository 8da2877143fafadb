using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>A small Kueue: what its controllers and its scheduler do to Workloads and queues.</summary>
/// <remarks>
/// Left out: cohorts (nothing is borrowed or lent), fair sharing, topology-aware scheduling, MultiKueue, resource transformations, and
/// admission gates. Its writes stand in no request log and meet no planned fault.
/// </remarks>
public sealed class KueueController
{
    private const int MostSteps = 1000;

    private readonly KueueState _state;
    private readonly WorkloadLifecycle _lifecycle;
    private readonly AdmissionCycle _cycle;
    private readonly QueueStatus _queues;
    private readonly WorkloadRule _rule;

    internal KueueController(ObjectStore store, ResourceCatalogue catalogue, ObjectWriter writer, WorkloadRule rule, TimeProvider time)
    {
        _rule = rule;
        _state = new KueueState(store, catalogue, writer);
        _lifecycle = new WorkloadLifecycle(_state, time);
        _cycle = new AdmissionCycle(_state, time);
        _queues = new QueueStatus(_state, time);
    }

    /// <summary>True: it does nothing, whatever is stepped, and for want of its webhooks no Workload can be created or updated, only deleted.</summary>
    public bool Down
    {
        get => _rule.Down;
        set => _rule.Down = value;
    }

    /// <summary>How long an admitted Workload may go without PodsReady=True before it is evicted. Default: 30 minutes.</summary>
    public TimeSpan PodsReadyTimeout
    {
        get => _lifecycle.PodsReadyTimeout;
        set => _lifecycle.PodsReadyTimeout = value;
    }

    /// <summary>Whether a wait for quota says why in its reason (<c>WaitingForQuota</c>, <c>ExceedsMaxQuota</c>, …), as Kueue does since 0.19; else it is <c>Pending</c>. Default: true.</summary>
    public bool GranularReasons
    {
        get => _cycle.GranularReasons;
        set => _cycle.GranularReasons = value;
    }

    /// <summary>Looks after every Workload, runs one admission cycle and brings the queues' status up to date.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Step()
    {
        lock (_state.Store.Gate)
        {
            if (Down)
            {
                return false;
            }

            var before = _state.Store.Revision;
            _lifecycle.Reconcile();
            _cycle.Run();
            _queues.Update();
            return _state.Store.Revision != before;
        }
    }

    /// <summary>Steps until nothing changes any more.</summary>
    /// <exception cref="InvalidOperationException">It never comes to rest.</exception>
    public void Settle()
    {
        for (var steps = 0; Step(); steps++)
        {
            if (steps == MostSteps)
            {
                throw new InvalidOperationException($"after {MostSteps} steps Kueue still changes something");
            }
        }
    }
}
