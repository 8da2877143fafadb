using System.Globalization;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Pods;

namespace Sandcastle.Operator.Retail.Planning;

/// <summary>One Workload of a lease, as it is read here.</summary>
internal sealed class LeaseView(Workload workload)
{
    internal Workload Workload { get; } = workload;

    /// <summary>The place in the chain, from the name: later ones have greater numbers; 0 for what has none.</summary>
    internal int Number { get; } =
        int.TryParse(workload.Metadata.Name.AsSpan(workload.Metadata.Name.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    internal string Name => Workload.Metadata.Name;

    /// <summary>Credits that the pod set asks for.</summary>
    internal int Count => Workload.CountOf(Names.Credits);

    internal int Reclaimed => Workload.ReclaimedOf(Names.Credits);

    /// <summary>Credits that it is to have: asked for, and not handed back.</summary>
    internal int Asked => Math.Max(0, Count - Reclaimed);

    /// <summary>Credits that quota is held for; also of one that is finished, what it last held.</summary>
    internal int Granted =>
        Workload.Status.Admission is null ? 0 : Math.Min(Workload.AssignmentOf(Names.Credits)?.Count ?? Count, Asked);

    internal bool IsElastic => Workload.Metadata.Annotations.GetValueOrDefault(Names.ElasticAnnotation) == "true";

    /// <summary>NAMESPACE/NAME of the one whose place it takes; null for none.</summary>
    internal string? Replaces => Workload.Metadata.Annotations.GetValueOrDefault(Names.ReplacementAnnotation);

    internal bool IsReplacementOf(LeaseView other) => Replaces == $"{other.Workload.Metadata.Namespace}/{other.Name}";

    /// <summary>Holds quota, and nobody wants it back.</summary>
    internal bool IsHeld => Workload is { IsReserved: true, IsEvicted: false, IsActive: true, Status.Admission: not null };

    /// <summary>Its quota counts for the tenant.</summary>
    internal bool IsAdmitted => Workload.IsAdmitted && !Workload.IsEvicted;

    /// <summary>It wants quota and has none.</summary>
    internal bool IsWaiting => Workload.IsActive && !IsHeld;

    /// <summary>Kueue keeps it out of the line. It clears the time of the return first, and says in another write that it is back.</summary>
    internal bool IsHeldBack => Workload.Condition(Names.Requeued) is { IsTrue: false };

    /// <summary>When Kueue put it back in line, or will; null for what it never kept out.</summary>
    internal DateTimeOffset? RequeuedAt => Workload.Status.RequeueState?.RequeueAt ?? Workload.Condition(Names.Requeued)?.LastTransitionTime;

    internal DateTimeOffset? ChangedAt =>
        DateTimeOffset.TryParse(Workload.Metadata.Annotations.GetValueOrDefault(Labels.ChangedAt), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at : Workload.Metadata.CreationTimestamp;
}
