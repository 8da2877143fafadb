using System.Buffers;

namespace Sandcastle.Manager.Tenants;

/// <summary>What may name a tenant: what names a namespace of Kubernetes, so that both worlds have the same tenants; but for one name. Whoever brings a tenant asks here.</summary>
internal static class TenantName
{
    public const string Form = "must be 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit, and not 'use'";

    private const int Most = 63;

    /// <summary><c>/v1/tenants/use</c> is something else.</summary>
    private const string Taken = "use";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= Most } and not Taken && name[0] != '-' && name[^1] != '-' && name.AsSpan().IndexOfAnyExcept(Allowed) < 0;
}
