using Sandcastle.Linux.Descriptors;

namespace Sandcastle.Linux.Epoll;

/// <summary>
/// A descriptor that a reactor watches. Dispose it before the descriptor. On the loop thread no callback comes after disposal; from
/// another thread one may just be running.
/// </summary>
public sealed class ReactorRegistration : IDisposable
{
    private readonly RegistrationTable _table;

    internal ReactorRegistration(RegistrationTable table, Fd fd, IReactorHandler handler)
    {
        _table = table;
        Fd = fd;
        Handler = handler;
    }

    public Fd Fd { get; }

    internal IReactorHandler Handler { get; }

    /// <summary>Place and generation in the table, 0 once disposed. Guarded by the table's lock.</summary>
    internal ulong Token { get; set; }

    /// <summary>Replaces the events it is watched for, and arms it again after <see cref="EpollEvents.OneShot"/>.</summary>
    public void Modify(EpollEvents interest) => _table.Modify(this, interest);

    public void Dispose() => _table.Remove(this);
}
