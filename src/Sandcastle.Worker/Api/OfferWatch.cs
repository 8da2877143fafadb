using Sandcastle.Link.Mapping;
using Sandcastle.Link.V1;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Worker.Api;

/// <summary>Compares what a worker offers with what one manager was told last. Not safe for concurrent use.</summary>
internal sealed class OfferWatch(IWorker worker, WorkerDrain drain)
{
    private static readonly string Version = typeof(OfferWatch).Assembly.GetName().Version!.ToString(3);

    private IReadOnlyList<TemplateStatus> _told = [];
    private bool _toldDraining;
    private bool _toldAnything;

    /// <summary>What there is to say; null when it was all said.</summary>
    /// <param name="heartbeat">Say something in any case.</param>
    internal FromWorker? Look(bool heartbeat)
    {
        var now = worker.Templates;
        var draining = drain.IsDraining;
        if (!_toldAnything || draining != _toldDraining || !SameOffer(now))
        {
            (_told, _toldDraining, _toldAnything) = (now, draining, true);
            return new FromWorker { Offer = Offer(now, draining) };
        }

        if (heartbeat || !SameLoad(now))
        {
            _told = now;
            return new FromWorker { Load = Load(now, heartbeat ? worker.ReadMeter() : null) };
        }

        return null;
    }

    private Offer Offer(IReadOnlyList<TemplateStatus> templates, bool draining)
    {
        var offer = new Offer { Worker = worker.Name, Version = Version, Draining = draining };
        offer.Templates.AddRange(templates.Select(t => t.ToWire()));
        return offer;
    }

    private static Load Load(IReadOnlyList<TemplateStatus> templates, WorkerMeter? meter)
    {
        var load = new Load { Meter = meter?.ToWire() };
        load.Ready.AddRange(templates.Select(t => t.SlotsReady));
        load.Busy.AddRange(templates.Select(t => t.SlotsBusy));
        return load;
    }

    private bool SameOffer(IReadOnlyList<TemplateStatus> now) =>
        now.Count == _told.Count
        && now.Zip(_told).All(p => p.First.Name == p.Second.Name && p.First.UnavailableReason == p.Second.UnavailableReason);

    private bool SameLoad(IReadOnlyList<TemplateStatus> now) =>
        now.Zip(_told).All(p => p.First.SlotsReady == p.Second.SlotsReady && p.First.SlotsBusy == p.Second.SlotsBusy);
}
