namespace Sandcastle.Testing.ApiServer.Identity;

/// <summary>Who a request comes from.</summary>
/// <param name="Name">User name, such as <c>alice</c> or <c>system:serviceaccount:ns:name</c>.</param>
/// <param name="Uid">Empty when there is none.</param>
/// <param name="Groups">Groups, with the system's own.</param>
public sealed record Caller(string Name, string Uid, IReadOnlyList<string> Groups)
{
    public const string MastersGroup = "system:masters";

    public static Caller Anonymous { get; } = new("system:anonymous", "", ["system:unauthenticated"]);

    /// <summary>May do everything.</summary>
    public static Caller Admin { get; } = new("kubernetes-admin", "", [MastersGroup, "system:authenticated"]);

    public static Caller ServiceAccount(string @namespace, string name, string uid) => new(
        $"system:serviceaccount:{@namespace}:{name}", uid, ["system:serviceaccounts", $"system:serviceaccounts:{@namespace}", "system:authenticated"]);
}
