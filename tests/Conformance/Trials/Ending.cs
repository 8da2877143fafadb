namespace Sandcastle.Conformance.Trials;

/// <summary>How a trial of an attack ended.</summary>
public enum Ending
{
    /// <summary>Nothing got through.</summary>
    Held,

    /// <summary>Something did.</summary>
    Through,

    /// <summary>The attack itself failed, so that nobody can tell.</summary>
    Broken,

    /// <summary>The attack found that it cannot be tried here.</summary>
    Untried,
}
