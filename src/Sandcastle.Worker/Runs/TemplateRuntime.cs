using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Runs;

/// <summary>A template at work: its slots, or the reason there are none.</summary>
internal sealed class TemplateRuntime
{
    internal required Template Template { get; init; }

    /// <summary><c>nsjail</c> or <c>builtin</c>: in use, or what would be.</summary>
    internal required string Keep { get; init; }

    /// <summary>Null where the machine lacks what the template names.</summary>
    internal required SlotPool? MaybePool { get; init; }

    internal SlotPool Pool => MaybePool!;

    /// <summary>Found at start and final; null as a rule.</summary>
    internal required string? MissingReason { get; init; }

    /// <summary>Null when it serves.</summary>
    internal string? UnavailableReason => MissingReason ?? MaybePool!.ColdReason;

    /// <exception cref="RefusalException">It does not serve, or not as the run wants it.</exception>
    internal void CheckServes(RunOrder order)
    {
        var reason = UnavailableReason is { } unavailable ? $"is not available: {unavailable}"
            : order.RequireKeep is { } keep && keep != Keep ? $"has the keep {Keep}, and the run requires {keep}"
            : null;
        if (reason is not null)
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.TemplateUnavailable,
                Detail = $"template {Template.Name} {reason}",
            });
        }
    }

    internal TemplateStatus Status() => new()
    {
        Name = Template.Name,
        Description = Template.Description,
        Language = Template.Language switch
        {
            TemplateLanguage.Python => "python",
            TemplateLanguage.Node => "node",
            _ => "command",
        },
        Profile = Template.Profile,
        Keep = Keep,
        UnavailableReason = UnavailableReason,
        Defaults = Template.Defaults,
        Maximums = Template.Maximums,
        SlotsWanted = Template.Ready,
        SlotsReady = MaybePool?.Ready ?? 0,
        SlotsBusy = MaybePool?.Busy ?? 0,
    };
}
