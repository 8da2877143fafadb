namespace Sandcastle.Manager.Ledger;

/// <summary>
/// The chart of accounts. Capacity comes from <see cref="Supply"/>, stands on the account of a lot (or worker) until it is used, and goes to
/// <see cref="Tenant"/> or <see cref="Overhead"/>: what is left standing is idle. What is admitted to a tenant goes from <see cref="Admission"/> to <see cref="Leased"/>.
/// </summary>
internal static class AccountKinds
{
    /// <summary>Of one lot.</summary>
    public const string Lot = "lot";

    /// <summary>Of one worker that no lot paid for.</summary>
    public const string Worker = "worker";

    /// <summary>Named as its source: <c>lot/NAME</c> or <c>worker/NAME</c>.</summary>
    public const string Supply = "supply";

    /// <summary>Named as its source.</summary>
    public const string Overhead = "overhead";

    public const string Tenant = "tenant";

    /// <summary>Of one tenant.</summary>
    public const string Leased = "leased";

    /// <summary>Of one tenant.</summary>
    public const string Admission = "admission";
}
