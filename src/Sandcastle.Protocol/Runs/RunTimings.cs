namespace Sandcastle.Protocol.Runs;

/// <summary>Where the time of a run went. Each counts from the moment the request was accepted, except <see cref="Ran"/>.</summary>
/// <param name="Queued">Until a slot was taken.</param>
/// <param name="Started">Until the program had its job.</param>
/// <param name="Ran">From job to the exit of the main process.</param>
/// <param name="Total">Until the receipt was journalled.</param>
public sealed record RunTimings(TimeSpan Queued, TimeSpan Started, TimeSpan Ran, TimeSpan Total);
