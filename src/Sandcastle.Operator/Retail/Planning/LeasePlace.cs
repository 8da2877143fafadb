namespace Sandcastle.Operator.Retail.Planning;

/// <summary>Where a lease's quota comes from, in Kueue's own words.</summary>
/// <param name="LocalQueue">In the tenant's namespace.</param>
/// <param name="ClusterQueue">Behind it.</param>
/// <param name="Flavor">Of the ClusterQueue.</param>
public sealed record LeasePlace(string LocalQueue, string ClusterQueue, string Flavor);
