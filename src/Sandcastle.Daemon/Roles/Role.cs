namespace Sandcastle.Daemon.Roles;

/// <summary>What a process of the daemon is.</summary>
internal enum Role
{
    /// <summary>Manager and worker in one: a machine of its own.</summary>
    All,
    Manager,
    Worker,
    Operator,
}
