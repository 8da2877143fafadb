namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>Why a run does not start now.</summary>
/// <param name="For">The limit.</param>
/// <param name="Until">When it is worth another look, from now; null where nobody knows.</param>
/// <param name="OfLease">It is the lease, not a limit of the tenant's own.</param>
internal readonly record struct Hold(HeldFor For, TimeSpan? Until, bool OfLease = false);
