namespace Sandcastle.Linux.Epoll;

/// <summary>What a <see cref="Deadline"/> that was reached goes to.</summary>
public interface IDeadlineHandler
{
    /// <summary>Called on the loop thread, never before the deadline; may schedule <paramref name="deadline"/> again.</summary>
    void OnDeadline(Deadline deadline);
}
