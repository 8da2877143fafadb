using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Pools;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Lots;

/// <summary>
/// What a lot was bought for. Its Workload and Pods are made of this alone, so that a pool that changes under it does not change them.
/// <see cref="Release"/> is the one thing that moves, and only up: it says, before any worker goes, how many are to go for good.
/// </summary>
[Rule("self.pool == oldSelf.pool && self.count == oldSelf.count && self.hash == oldSelf.hash && self.queueName == oldSelf.queueName", "a lot is immutable but for release")]
[Rule("self.worker == oldSelf.worker && has(self.topology) == has(oldSelf.topology) && (!has(self.topology) || self.topology == oldSelf.topology)", "what a lot's workers are made of is immutable")]
[Rule("self.release >= oldSelf.release", "release may only grow")]
[Rule("self.release <= self.count", "release must not be above count")]
public sealed record LotSpec
{
    [Description("The pool, of the same namespace.")]
    [MinLength(1)]
    [MaxLength(40)]
    public required string Pool { get; init; }

    [Description("Workers that were asked for.")]
    [Range(1, 64)]
    public required int Count { get; init; }

    [Description("Workers that are handed back, or to be.")]
    [Range(0, 64)]
    [DefaultValue(0)]
    public int Release { get; init; }

    [Description("Hash of all that the workers are made of.")]
    [MinLength(1)]
    [MaxLength(63)]
    public required string Hash { get; init; }

    [Description("The LocalQueue, of the same namespace, that the lot is bought from.")]
    [MinLength(1)]
    [MaxLength(253)]
    public required string QueueName { get; init; }

    [Description("How Kueue may place the workers in a topology.")]
    public TopologyRequest? Topology { get; init; }

    [Description("What each worker is made of.")]
    public required WorkerSpec Worker { get; init; }
}
