namespace Sandcastle.Linux.Epoll;

/// <summary>Work posted to a reactor by an object that can be posted again and again without a new delegate.</summary>
public interface IReactorWork
{
    /// <summary>Called once for each post, on the loop thread; must not block.</summary>
    void Run();
}
