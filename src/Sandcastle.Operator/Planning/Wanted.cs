namespace Sandcastle.Operator.Planning;

/// <summary>How many workers were wanted.</summary>
/// <param name="Time">When last.</param>
/// <param name="Workers">So many.</param>
public sealed record Wanted(DateTimeOffset Time, int Workers);
