namespace Sandcastle.Daemon.Options;

/// <summary>What a manager does for a namespace without a Tenant.</summary>
internal enum UnknownTenants
{
    /// <summary>Serves it without limits of its own, and outside of any lease.</summary>
    Serve,

    /// <summary>Starts nothing for it.</summary>
    Refuse,
}
