using Sandcastle.Manager.Tenants.Keys;

namespace Sandcastle.Manager.Edges;

/// <summary>Says which scopes an endpoint asks of its caller. One that says nothing asks for admin: what nobody thought of is closed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsScopeAttribute(ApiScopes scopes) : Attribute
{
    public ApiScopes Scopes { get; } = scopes;
}
