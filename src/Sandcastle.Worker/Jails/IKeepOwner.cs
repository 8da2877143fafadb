using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Jails;

/// <summary>Who hears what happens in a keep. Called on the reactor's thread.</summary>
internal interface IKeepOwner
{
    /// <summary>A child of the keep's init ended: a zygote, a slot's init, or the program of a zygote that is dead.</summary>
    void OnChildExited(Keep keep, in ExitedMessage exited);

    /// <summary>The keep is gone, and with it everything in it.</summary>
    void OnKeepLost(Keep keep);
}
