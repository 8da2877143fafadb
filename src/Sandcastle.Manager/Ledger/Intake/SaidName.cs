namespace Sandcastle.Manager.Ledger.Intake;

/// <summary>A name that a worker says.</summary>
internal static class SaidName
{
    /// <summary>As long as a name of Kubernetes may be.</summary>
    public const int MostCharacters = 253;

    /// <summary>It can be stored, shown and exported as it is; no name at all can be.</summary>
    public static bool IsPlain(string? name) => name is null || (name.Length <= MostCharacters && !name.Any(char.IsControl) && !name.Any(char.IsSurrogate));
}
