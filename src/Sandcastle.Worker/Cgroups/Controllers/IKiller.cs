namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>Ends every process of one cgroup and of those below it.</summary>
internal interface IKiller : IDisposable
{
    /// <summary>SIGKILL to everyone. When it returns nobody runs on, but some may not have ended yet.</summary>
    void Kill();

    bool IsPopulated();
}
