using System.Diagnostics;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Zygotes;

namespace Sandcastle.Worker.Slots;

/// <summary>Every slot of one template that was begun and is not destroyed. On the reactor's thread.</summary>
internal sealed class SlotTable
{
    private readonly Dictionary<uint, Slot> _slots = [];

    internal void Add(Slot slot) => _slots[slot.Id] = slot;

    /// <summary>False when it was taken out before.</summary>
    internal bool Remove(Slot slot) => _slots.Remove(slot.Id);

    internal bool Contains(Slot slot) => _slots.ContainsKey(slot.Id);

    internal Slot? Find(uint id) => _slots.GetValueOrDefault(id);

    /// <summary>The slot whose program has this pid in the keep.</summary>
    internal Slot? FindProgram(Keep keep, int pid)
    {
        foreach (var slot in _slots.Values)
        {
            if (slot.Keep == keep && slot.ProgramPid == pid)
            {
                return slot;
            }
        }

        return null;
    }

    internal List<Slot> All() => [.. _slots.Values];

    internal List<Slot> In(Keep keep) => [.. _slots.Values.Where(slot => slot.Keep == keep)];

    internal List<Slot> From(Zygote zygote) => [.. _slots.Values.Where(slot => slot.Zygote == zygote)];

    internal IEnumerable<Slot> Unready() => _slots.Values.Where(slot => !slot.WasReady);

    /// <summary>Those whose preparation has taken longer than this.</summary>
    internal List<Slot> PreparedLongerThan(TimeSpan time) =>
        [.. Unready().Where(slot => Stopwatch.GetElapsedTime(slot.PreparedAt) > time)];
}
