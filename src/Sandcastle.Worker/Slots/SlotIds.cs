using Sandcastle.Worker.Jails;

namespace Sandcastle.Worker.Slots;

/// <summary>Hands out the ids of slots: a number never used again, and a uid that no other slot alive has. Thread-safe.</summary>
internal sealed class SlotIds
{
    private readonly Lock _gate = new();
    private readonly bool[] _taken;
    private uint _lastInner;
    private uint _lastSlot;

    internal SlotIds(IdRange range) => _taken = new bool[range.Count];

    /// <summary>Null when every id of the range is in use.</summary>
    internal (uint Slot, uint Inner)? Take()
    {
        lock (_gate)
        {
            // In turn, so that an id comes back as late as can be. 0 is the keep's own.
            for (var tried = 1; tried < _taken.Length; tried++)
            {
                _lastInner = _lastInner + 1 < _taken.Length ? _lastInner + 1 : 1;
                if (!_taken[_lastInner])
                {
                    _taken[_lastInner] = true;
                    return (++_lastSlot, _lastInner);
                }
            }

            return null;
        }
    }

    /// <summary>Nothing of the slot is left.</summary>
    internal void Return(uint inner)
    {
        lock (_gate)
        {
            _taken[inner] = false;
        }
    }
}
