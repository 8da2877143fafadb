namespace Sandcastle.Worker.Cgroups;

/// <summary>A limit that this machine does not let the worker enforce. The start fails on it unless it is allowed by name.</summary>
/// <param name="Limit"><c>memory</c>, <c>pids</c> or <c>cpu</c>: the names of <c>--allow-unenforced</c>.</param>
/// <param name="Reason">What is missing, in a sentence for the operator.</param>
public sealed record UnenforcedLimit(string Limit, string Reason);
