using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Staging;
using Sandcastle.Worker.Templates;
using Sandcastle.Worker.Walls;
using Sandcastle.Worker.Zygotes;

namespace Sandcastle.Worker;

/// <summary>Where the slots of a template come from: a warm keep with its zygotes, or a wall around each slot alone, as its profile says.</summary>
internal sealed class SlotSources
{
    internal required WorkerOptions Options { get; init; }

    internal required Reactor Reactor { get; init; }

    internal required Stage Stage { get; init; }

    internal required BrokerSupply Brokers { get; init; }

    /// <summary>Counts warm interpreters.</summary>
    internal required SlotCgroup Zygotes { get; init; }

    internal required IdRange Ids { get; init; }

    /// <summary>The seccomp filter, as a file.</summary>
    internal required Fd Filter { get; init; }

    /// <summary>The same in nsjail's words; null where no template is behind it.</summary>
    internal required string? Kafel { get; init; }

    internal required TimeProvider Time { get; init; }

    /// <param name="template">Whose slots.</param>
    /// <param name="staged">Its files.</param>
    /// <param name="index">Its place among all templates, for ids of its keeps.</param>
    /// <param name="owner">Hears of them.</param>
    internal ISlotSource Of(Template template, StagedTemplate staged, uint index, IWarmKeepOwner owner) => template.Profile switch
    {
        Profiles.Nsjail => Lone(template, NsjailWall.Of(Options.Nsjail!, template, staged, Stage.Guest, Kafel!, Ids), owner),
        Profiles.Gvisor => Lone(template, Gvisor(template, staged), owner),
        _ => Warm(template, staged, index, owner),
    };

    private GvisorWall Gvisor(Template template, StagedTemplate staged)
    {
        var entries = RootEntries.Of(staged);
        var root = Stage.AddPublic(template, "skeleton");
        SkeletonRoot.Build(root, entries);
        return new GvisorWall(Options.Runsc!, template, root, entries, Stage.Guest, Stage.AddPrivate(template, "containers"), Ids, Filter);
    }

    private LoneSlots Lone(Template template, ISlotWall wall, ISlotSourceOwner owner) => new(Reactor, template, wall, Brokers, owner, Time);

    private WarmKeep Warm(Template template, StagedTemplate staged, uint index, IWarmKeepOwner owner)
    {
        var recipe = new WarmKeepRecipe
        {
            Template = template,
            Staged = staged,
            Broker = Brokers.GetAsync,
            Reactor = Reactor,
            Time = Time,
            Guest = Stage.Guest,
            Filter = Filter,
            Ids = Ids,
            Nsjail = TemplateAvailability.NsjailFor(template, Options),
            Overhead = Zygotes,
            FirstKeepId = index << 20,
            MaxForks = Options.ZygoteMaxForks,
            MaxAge = Options.ZygoteMaxAge,
        };
        return new WarmKeep(Reactor, recipe, owner, Time);
    }
}
