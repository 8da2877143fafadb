namespace Sandcastle.Manager.Routing;

/// <summary>The templates of pools that may make workers when they are asked for, so that a run for one of them is no mistake while there is none.</summary>
public interface IPoolOffers
{
    /// <summary>By template, one pool each; an immutable snapshot.</summary>
    IReadOnlyDictionary<string, PoolOffer> Offers { get; }
}
