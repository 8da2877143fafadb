namespace Sandcastle.Faults.Loads;

/// <summary>How a client asks for a run.</summary>
public enum Manner
{
    /// <summary>One request, one answer.</summary>
    Answer,

    /// <summary>Reads the output while it is written, to its end.</summary>
    Stream,

    /// <summary>Asks twice at the same time, with one key.</summary>
    Twice,

    /// <summary>Cancels when the program has begun, and reads on to its end.</summary>
    Cancel,

    /// <summary>Goes away when the program has begun.</summary>
    Leave,
}
