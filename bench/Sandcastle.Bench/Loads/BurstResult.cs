namespace Sandcastle.Bench.Loads;

/// <param name="AnsweredMs">Per request that was served: from the common start to its answer.</param>
/// <param name="Refused">How many got another status than 200.</param>
internal sealed record BurstResult(IReadOnlyList<double> AnsweredMs, int Refused);
