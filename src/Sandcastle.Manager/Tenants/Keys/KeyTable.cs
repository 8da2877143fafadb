using System.Collections.Frozen;

namespace Sandcastle.Manager.Tenants.Keys;

/// <summary>The stored keys by digest, for the path that every request takes. Immutable.</summary>
internal sealed class KeyTable
{
    public static readonly KeyTable Empty = new([]);

    private readonly FrozenDictionary<KeyDigest, Entry> _entries;

    public KeyTable(IReadOnlyList<StoredKey> keys)
    {
        var entries = new Dictionary<KeyDigest, Entry>();
        foreach (var key in keys)
        {
            var caller = new Caller(new Principal(key.Tenant) { Scopes = key.Scopes }, "api-key");
            entries[key.Digest] = new Entry(caller, key.ExpiresAt);
            if (key is { Previous: { } previous, PreviousUntil: { } until })
            {
                entries.TryAdd(previous, new Entry(caller, until < (key.ExpiresAt ?? DateTimeOffset.MaxValue) ? until : key.ExpiresAt));
            }
        }

        _entries = entries.ToFrozenDictionary();
    }

    /// <summary>Null for a text that is nobody's key, or whose time is over.</summary>
    public Caller? Find(ReadOnlySpan<char> offered, TimeProvider clock) =>
        _entries.Count > 0 && KeyDigest.Of(offered) is { } digest && _entries.TryGetValue(digest, out var entry)
            && (entry.Until is not { } until || clock.GetUtcNow() < until)
            ? entry.Caller
            : null;

    private sealed record Entry(Caller Caller, DateTimeOffset? Until);
}
