namespace Sandcastle.Linux.Epoll;

/// <summary>What a registered descriptor's events go to.</summary>
public interface IReactorHandler
{
    /// <summary>Called on the loop thread; must not block. An exception ends the registration and goes to the reactor's fault callback.</summary>
    void OnReady(EpollEvents events);
}
