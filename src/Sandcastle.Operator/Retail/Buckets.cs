namespace Sandcastle.Operator.Retail;

/// <summary>The sizes that a lease may have: 1, 2, 3, 4, 6, 8, 12, 16, 24, … A use that wavers within one of them changes nothing.</summary>
internal static class Buckets
{
    /// <summary>The least size that holds so many credits; 0 for none.</summary>
    internal static int Of(int credits)
    {
        var size = credits <= 0 ? 0 : 1;
        while (size < credits)
        {
            size = Next(size);
        }

        return Math.Min(size, Credit.Most);
    }

    /// <summary>The next larger size.</summary>
    internal static int Next(int size) => size switch
    {
        <= 0 => 1,
        < 4 => size + 1,
        _ => Math.Min(Credit.Most, int.IsPow2(size) ? size + (size / 2) : size / 3 * 4),
    };

    /// <summary>The greatest size that is not above so many credits; 0 for less than 1.</summary>
    internal static int Below(int credits)
    {
        var size = 0;
        while (Next(size) <= credits && size < Credit.Most)
        {
            size = Next(size);
        }

        return size;
    }
}
