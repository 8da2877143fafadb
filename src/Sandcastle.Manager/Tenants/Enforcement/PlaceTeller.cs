namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>Tells a place in a line as it goes on, but not every step of a long way: each of the last ten, and before that whenever it has halved.</summary>
internal sealed class PlaceTeller(Action<int>? tell)
{
    private const int EachOf = 10;

    private int _told = int.MaxValue;

    public bool IsWanted => tell is not null;

    public void Tell(int place)
    {
        if (tell is not null && place < _told && (place <= EachOf || place <= _told / 2))
        {
            _told = place;
            tell(place);
        }
    }
}
