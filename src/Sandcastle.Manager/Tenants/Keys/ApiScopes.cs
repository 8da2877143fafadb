namespace Sandcastle.Manager.Tenants.Keys;

/// <summary>What a caller may do.</summary>
[Flags]
public enum ApiScopes
{
    None = 0,

    /// <summary>Start and cancel runs of its tenant, and get tickets for them.</summary>
    Run = 1,

    /// <summary>See its tenant's runs, usage and templates, and the workers.</summary>
    Read = 2,

    /// <summary>Everything, and keys, tenants and metrics of the whole server.</summary>
    Admin = 4,
}
