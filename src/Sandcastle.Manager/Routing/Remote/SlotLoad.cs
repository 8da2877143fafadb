using System.Collections.Frozen;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Routing.Remote;

/// <summary>
/// What a worker offered last, and its slots' numbers since then. The numbers change in place, many times a second; the offer is
/// swapped as a whole, by making another of these. Safe for concurrent use.
/// </summary>
internal sealed class SlotLoad
{
    private readonly IReadOnlyList<TemplateStatus> _offer;
    private readonly FrozenDictionary<string, int> _index;
    private readonly int[] _ready;
    private readonly int[] _busy;
    private readonly int[] _sent;

    internal SlotLoad(IReadOnlyList<TemplateStatus> offer)
    {
        _offer = offer;
        _index = offer.Select((t, i) => KeyValuePair.Create(t.Name, i)).ToFrozenDictionary(StringComparer.Ordinal);
        _ready = [.. offer.Select(t => t.SlotsReady)];
        _busy = [.. offer.Select(t => t.SlotsBusy)];
        _sent = new int[offer.Count];
    }

    internal static SlotLoad Empty { get; } = new([]);

    internal int Count => _offer.Count;

    internal IReadOnlyList<TemplateStatus> Statuses =>
        [.. _offer.Select((t, i) => t with { SlotsReady = Volatile.Read(ref _ready[i]), SlotsBusy = Volatile.Read(ref _busy[i]) })];

    internal int Free(string template) =>
        _index.TryGetValue(template, out var i) ? Volatile.Read(ref _ready[i]) - Volatile.Read(ref _sent[i]) : 0;

    internal void Sent(string template)
    {
        if (_index.TryGetValue(template, out var i))
        {
            Interlocked.Increment(ref _sent[i]);
        }
    }

    /// <summary>Numbers in the offer's order. What was sent before is in them, or is about to be.</summary>
    internal void Update(IReadOnlyList<int> ready, IReadOnlyList<int> busy)
    {
        for (var i = 0; i < _offer.Count && i < ready.Count && i < busy.Count; i++)
        {
            Volatile.Write(ref _ready[i], ready[i]);
            Volatile.Write(ref _busy[i], busy[i]);
            Volatile.Write(ref _sent[i], 0);
        }
    }
}
