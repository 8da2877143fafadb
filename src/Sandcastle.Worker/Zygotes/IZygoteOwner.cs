using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Zygotes;

/// <summary>Who hears what a zygote does. Called on the reactor's thread.</summary>
internal interface IZygoteOwner
{
    void OnForked(Zygote zygote, uint slot, int pid);

    /// <summary>It could not fork for this slot.</summary>
    void OnForkFailed(Zygote zygote, uint slot, JailException failure);

    /// <summary>A program ended, and is about to be reaped; only how much it has read and written is not known yet.</summary>
    void OnProgramExiting(Zygote zygote, in ExitedMessage exiting);

    void OnProgramExited(Zygote zygote, in ExitedMessage exited);

    void OnZygoteLost(Zygote zygote);
}
