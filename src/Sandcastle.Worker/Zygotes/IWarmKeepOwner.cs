using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Zygotes;

/// <summary>Who prepares slots in a warm keep. Called on the reactor's thread.</summary>
internal interface IWarmKeepOwner : ISlotSourceOwner
{
    void OnForked(uint slot, int pid);

    void OnForkFailed(uint slot, JailException failure);

    /// <summary>A program ended, and its zygote is about to reap it: should nobody tell of the end any more, this was it.</summary>
    void OnProgramExiting(uint slot, in ExitedMessage exiting);

    /// <summary>A program ended, as its zygote told.</summary>
    void OnProgramExited(uint slot, in ExitedMessage exited);

    /// <summary>Something in the keep ended, as its init told: the program of a dead zygote, by its pid in the keep; or what concerns nobody.</summary>
    void OnChildExited(Keep keep, in ExitedMessage exited);

    /// <summary>A zygote ended. All that it has told was heard, and those of its programs that have not ended are children of the keep's init.</summary>
    void OnZygoteGone(Zygote zygote);

    void OnKeepLost(Keep keep, JailException reason);
}
