using System.Globalization;
using Sandcastle.Operator.Load;
using Sandcastle.Operator.Pods;

namespace Sandcastle.Operator.Planning;

/// <summary>One worker: its Pod, and what managers say of it.</summary>
internal sealed record WorkerView
{
    /// <summary>How long a worker that goes of our own will may finish what it has; refreshed for as long as it takes.</summary>
    internal static readonly TimeSpan VoluntaryTime = TimeSpan.FromHours(24);

    internal required Pod Pod { get; init; }

    /// <summary>Null: no manager knows the worker.</summary>
    internal WorkerLoad? Load { get; init; }

    /// <summary>Managers answered, so that what they do not know is not there.</summary>
    internal required bool IsLoadKnown { get; init; }

    /// <summary>The node takes no new Pods: what runs there is to go elsewhere.</summary>
    internal required bool IsOnCordonedNode { get; init; }

    /// <summary>When the worker ends, as it was told; null: it was not told to.</summary>
    internal DateTimeOffset? Deadline =>
        Pod.Metadata.Annotations.TryGetValue(Labels.Drain, out var text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    internal bool IsTold => Deadline is not null;

    /// <summary>Runs nothing, as far as anybody knows.</summary>
    internal bool IsIdle => !IsBusy && (IsLoadKnown || !Pod.IsReady);

    internal bool IsBusy => Load is { SlotsBusy: > 0 };

    /// <summary>
    /// Nothing runs there and nothing can begin: the worker itself said so, or it cannot be reached, or no manager has known it for the
    /// length of the grace. Only asked of a worker that was told to drain.
    /// </summary>
    internal bool IsDrained(DateTimeOffset now, TimeSpan grace)
    {
        if (Load is { } load && IsLoadKnown)
        {
            return load is { Draining: true, SlotsBusy: 0 };
        }

        var toldAt = Deadline is { } deadline ? deadline - VoluntaryTime : now;
        return !Pod.IsReady || (IsLoadKnown && now >= toldAt + grace);
    }
}
