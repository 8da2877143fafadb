namespace Sandcastle.Operator.Certificates;

/// <summary>How the certificates last were, by namespace of pools. Readers see one whole look or the next. Thread-safe.</summary>
internal sealed class CertificateBoard
{
    /// <summary>Stands for managers and operator, without whose certificates no pool works.</summary>
    internal const string Shared = "";

    private volatile IReadOnlyDictionary<string, CertificateState> _last = new Dictionary<string, CertificateState>();

    /// <summary>Null while they have not been looked at.</summary>
    internal CertificateState? Of(string ns) => Of(_last, ns);

    /// <returns>The namespaces of which something else is to be said than before.</returns>
    internal IReadOnlyList<string> Take(IReadOnlyDictionary<string, CertificateState> states)
    {
        var before = _last;
        _last = states;
        return [.. states.Keys.Where(ns => ns == Shared ? before.GetValueOrDefault(ns) != states[ns] : Of(before, ns) != Of(states, ns))];
    }

    private static CertificateState? Of(IReadOnlyDictionary<string, CertificateState> states, string ns) =>
        states.TryGetValue(ns, out var own) && states.TryGetValue(Shared, out var shared) && !shared.IsReady ? shared : own;
}
