using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Resources.Lots;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Pods;

/// <summary>What an admission adds to a lot's Pods: where they may run, and by what they are known.</summary>
internal sealed class Placement
{
    private readonly SortedDictionary<string, string> _nodeSelector = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _annotations = new(StringComparer.Ordinal);
    private readonly List<Toleration> _tolerations = [];

    private Placement(PodOverrides? overrides)
    {
        Copy(overrides?.NodeSelector, _nodeSelector);
        Copy(overrides?.Labels, _labels);
        Copy(overrides?.Annotations, _annotations);
        _tolerations.AddRange(overrides?.Tolerations ?? []);
    }

    internal IReadOnlyDictionary<string, string> NodeSelector => _nodeSelector;

    internal IReadOnlyDictionary<string, string> Labels => _labels;

    internal IReadOnlyDictionary<string, string> Annotations => _annotations;

    internal IReadOnlyList<Toleration> Tolerations => _tolerations;

    /// <summary>Kueue opens the gate when it has chosen the Pod's domain.</summary>
    internal bool IsGated { get; private set; }

    /// <summary>What stands in the way for good: two sources want different things of one key. Null: nothing.</summary>
    internal string? Conflict { get; private set; }

    /// <summary>A flavor that is assigned and not known here (yet). Null: none.</summary>
    internal string? MissingFlavor { get; private set; }

    /// <summary>Of Pods that are only asked for: what the lot itself says.</summary>
    internal static Placement Of(LotSpec lot)
    {
        var placement = new Placement(lot.Worker.Overrides);
        placement.AskForTopology(lot.Topology);
        return placement;
    }

    /// <summary>Of Pods that were admitted.</summary>
    internal static Placement Of(LotSpec lot, Workload workload, IReadOnlyList<ResourceFlavor> flavors)
    {
        var placement = Of(lot);
        var assignment = workload.Assignment ?? throw new ArgumentException("The workload has no assignment.", nameof(workload));
        placement.AddFlavors(assignment, flavors);
        foreach (var check in workload.Status.AdmissionChecks)
        {
            foreach (var update in check.PodSetUpdates.Where(update => update.Name == assignment.Name))
            {
                placement.Merge($"admission check {check.Name}", update);
            }
        }

        if (assignment.TopologyAssignment is not null)
        {
            placement.IsGated = true;
            if (lot.Topology is null)
            {
                // The flavor has a topology that the lot did not ask for: Kueue finds the Pod by the annotation.
                placement._annotations[Names.UnconstrainedTopology] = "true";
            }
        }

        return placement;
    }

    private void AddFlavors(PodSetAssignment assignment, IReadOnlyList<ResourceFlavor> flavors)
    {
        // Flavors of several resources may say the same key differently; as in Kueue itself the last one holds.
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var tolerations = new List<Toleration>();
        foreach (var name in assignment.Flavors.Values.Distinct().Order(StringComparer.Ordinal))
        {
            if (flavors.FirstOrDefault(flavor => flavor.Metadata.Name == name) is not { } flavor)
            {
                MissingFlavor ??= name;
                continue;
            }

            Copy(flavor.Spec.NodeLabels, labels);
            tolerations.AddRange(flavor.Spec.Tolerations);
        }

        Merge("the flavor", new PodSetUpdate { NodeSelector = labels, Tolerations = tolerations });
    }

    private void Merge(string source, PodSetUpdate update)
    {
        MergeMap(source, "node selector", update.NodeSelector, _nodeSelector);
        MergeMap(source, "label", update.Labels, _labels);
        MergeMap(source, "annotation", update.Annotations, _annotations);
        _tolerations.AddRange(update.Tolerations.Where(toleration => !_tolerations.Contains(toleration)));
    }

    private void MergeMap(string source, string what, IReadOnlyDictionary<string, string> from, SortedDictionary<string, string> into)
    {
        foreach (var (key, value) in from.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (into.TryGetValue(key, out var present) && present != value)
            {
                Conflict ??= $"{source} wants {what} {key}={value}, and {key}={present} is wanted already";
            }

            into[key] = value;
        }
    }

    private void AskForTopology(TopologyRequest? topology)
    {
        if (topology?.Required is { } required)
        {
            _annotations[Names.RequiredTopology] = required;
        }
        else if (topology?.Preferred is { } preferred)
        {
            _annotations[Names.PreferredTopology] = preferred;
        }
        else if (topology?.Unconstrained is true)
        {
            _annotations[Names.UnconstrainedTopology] = "true";
        }
    }

    private static void Copy(IReadOnlyDictionary<string, string>? from, SortedDictionary<string, string> into)
    {
        foreach (var (key, value) in from ?? new Dictionary<string, string>())
        {
            into[key] = value;
        }
    }
}
