using Sandcastle.Linux.Descriptors;

namespace Sandcastle.Linux.Epoll;

/// <summary>
/// Who an epoll token stands for. A token is a place in an array and its generation: an event that epoll had already delivered when
/// its registration was disposed, or its place given to another, finds nobody.
/// </summary>
internal sealed class RegistrationTable
{
    private readonly EpollSet _epoll;
    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new();
    private ReactorRegistration?[] _places = new ReactorRegistration?[64];
    private uint _generation;
    private int _used;

    internal RegistrationTable(EpollSet epoll) => _epoll = epoll;

    internal ReactorRegistration Add(Fd fd, EpollEvents interest, IReactorHandler handler)
    {
        var registration = new ReactorRegistration(this, fd, handler);
        lock (_gate)
        {
            if (!_free.TryPop(out var place))
            {
                place = _used++;
                if (place == _places.Length)
                {
                    // Readers go on with the array they have: every place they can know of is in both.
                    Array.Resize(ref _places, place * 2);
                }
            }

            // Generation 0 is never given out, so a token is never 0: that one is the reactor's own wake-up.
            _generation = _generation == uint.MaxValue ? 1 : _generation + 1;
            registration.Token = ((ulong)_generation << 32) | (uint)place;
            Volatile.Write(ref _places[place], registration);
            try
            {
                _epoll.Add(fd, interest, registration.Token);
            }
            catch
            {
                Free(registration);
                throw;
            }
        }

        return registration;
    }

    /// <summary>The registration that a token was given to, or null when it is gone. Takes no lock.</summary>
    internal ReactorRegistration? Find(ulong token)
    {
        var registration = Volatile.Read(ref Volatile.Read(ref _places)[(uint)token]);
        return registration is not null && registration.Token == token ? registration : null;
    }

    internal void Modify(ReactorRegistration registration, EpollEvents interest)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(registration.Token == 0, registration);
            _epoll.Modify(registration.Fd, interest, registration.Token);
        }
    }

    internal void Remove(ReactorRegistration registration)
    {
        lock (_gate)
        {
            if (registration.Token == 0)
            {
                return;
            }

            Free(registration);
            // The kernel drops a closed descriptor by itself, and its number may already be somebody else's.
            if (!registration.Fd.IsClosed)
            {
                _epoll.Remove(registration.Fd);
            }
        }
    }

    private void Free(ReactorRegistration registration)
    {
        var place = (int)(uint)registration.Token;
        registration.Token = 0;
        Volatile.Write(ref _places[place], null);
        _free.Push(place);
    }
}
