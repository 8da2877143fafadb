namespace Sandcastle.Manager.Ledger;

/// <summary>An account of the books by its name.</summary>
/// <param name="Kind">One of <see cref="AccountKinds"/>.</param>
/// <param name="Name">Unique in its kind.</param>
internal readonly record struct Account(string Kind, string Name)
{
    /// <summary>Where the capacity of this lot or worker comes from.</summary>
    public Account Supply => new(AccountKinds.Supply, $"{Kind}/{Name}");

    /// <summary>What of it served nobody.</summary>
    public Account Overhead => new(AccountKinds.Overhead, $"{Kind}/{Name}");
}
