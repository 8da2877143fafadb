using System.Collections.Concurrent;

namespace Sandcastle.Testing.ApiServer.Identity;

/// <summary>The users that the server knows by their tokens.</summary>
public sealed class UserDirectory
{
    private readonly ConcurrentDictionary<string, User> _byToken = new();

    public IEnumerable<User> All => _byToken.Values;

    /// <exception cref="ArgumentException">Another user has that token.</exception>
    public void Add(User user)
    {
        if (!_byToken.TryAdd(user.Token, user))
        {
            throw new ArgumentException($"the token of {user.Name} is already another user's", nameof(user));
        }
    }

    /// <summary>From now on the token is unknown.</summary>
    public void Remove(User user) => _byToken.TryRemove(user.Token, out _);

    public User? Find(string token) => _byToken.GetValueOrDefault(token);

    /// <exception cref="ArgumentException">No such user.</exception>
    public User Named(string name) => All.FirstOrDefault(user => user.Name == name) ?? throw new ArgumentException($"there is no user '{name}'", nameof(name));
}
