namespace Sandcastle.Conformance.Trials;

/// <param name="Ending">How the trial ended.</param>
/// <param name="Evidence">What tells so; empty when the attack was held.</param>
public sealed record Verdict(Ending Ending, string Evidence)
{
    public static readonly Verdict Held = new(Ending.Held, "");
}
