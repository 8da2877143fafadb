namespace Sandcastle.Manager.Tenants;

/// <summary>Says what each tenant may have now. Safe for concurrent use; a question is answered from memory.</summary>
public interface ITenantDirectory
{
    /// <summary>Terms of some tenant have changed; raised on any thread.</summary>
    event EventHandler? Changed;

    /// <summary>Tenants with terms of their own, as far as they are known by name: those whose budget is watched also while they are quiet.</summary>
    IEnumerable<string> Names => [];

    /// <summary>The terms of a tenant, known or not.</summary>
    TenantTerms Of(string tenant);
}
