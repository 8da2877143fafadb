namespace Sandcastle.Daemon.Roles;

/// <summary>What a role adds to the process.</summary>
internal interface IRoleParts
{
    /// <summary>Its services.</summary>
    void Add(WebApplicationBuilder builder);

    /// <summary>Its edges, once everything is built.</summary>
    void Use(WebApplication app);
}
