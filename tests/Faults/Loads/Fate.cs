namespace Sandcastle.Faults.Loads;

/// <summary>How a request ended for its client.</summary>
public enum Fate
{
    /// <summary>200, with an outcome.</summary>
    Answered,

    /// <summary>A typed problem.</summary>
    Refused,

    /// <summary>The connection ended before the answer was whole.</summary>
    Broken,

    /// <summary>The client went, as it meant to.</summary>
    Left,

    /// <summary>No daemon listened.</summary>
    NotSent,

    /// <summary>Nothing came within the deadline.</summary>
    Hung,
}
