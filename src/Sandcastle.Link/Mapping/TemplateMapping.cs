using Sandcastle.Protocol.Templates;

namespace Sandcastle.Link.Mapping;

/// <summary><see cref="TemplateStatus"/> on the wire.</summary>
public static class TemplateMapping
{
    public static V1.Template ToWire(this TemplateStatus template)
    {
        var wire = new V1.Template
        {
            Name = template.Name,
            Description = template.Description,
            Language = template.Language,
            Profile = template.Profile,
            Keep = template.Keep,
            Defaults = template.Defaults.ToWire(),
            Maximums = template.Maximums.ToWire(),
            SlotsWanted = template.SlotsWanted,
            SlotsReady = template.SlotsReady,
            SlotsBusy = template.SlotsBusy,
        };
        if (template.UnavailableReason is { } reason)
        {
            wire.UnavailableReason = reason;
        }

        return wire;
    }

    public static TemplateStatus FromWire(this V1.Template template) => new()
    {
        Name = template.Name,
        Description = template.Description,
        Language = template.Language,
        Profile = template.Profile,
        Keep = template.Keep,
        UnavailableReason = template.HasUnavailableReason ? template.UnavailableReason : null,
        Defaults = template.Defaults.FromWire(),
        Maximums = template.Maximums.FromWire(),
        SlotsWanted = template.SlotsWanted,
        SlotsReady = template.SlotsReady,
        SlotsBusy = template.SlotsBusy,
    };
}
