using System.Reflection;

namespace Sandcastle.Manager.Ledger;

/// <summary>
/// The numbered scripts that bring a ledger's schema forward, embedded as <c>STORE/0001-concept.sql</c>, <c>STORE/0002-concept.sql</c>, …
/// without a gap. Each concept has one number and, in every store, one script that means the same.
/// </summary>
internal sealed class LedgerMigrations
{
    public static readonly LedgerMigrations Sqlite = new("sqlite");

    public static readonly LedgerMigrations Postgres = new("postgres");

    private readonly List<string> _scripts;

    private LedgerMigrations(string store)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames().Where(n => n.StartsWith(store + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        Concepts = [.. names.Select(n => n[(store.Length + 1)..])];
        _scripts = [.. names.Select(n => Read(assembly, n))];
    }

    /// <summary>The scripts' names, in their order.</summary>
    public IReadOnlyList<string> Concepts { get; }

    /// <summary>What a ledger at <paramref name="version"/> lacks; a ledger without a schema is at 0.</summary>
    /// <exception cref="InvalidOperationException">A later version of this program wrote the ledger.</exception>
    public IEnumerable<(int Version, string Script)> After(int version, string ledger)
    {
        if (version > _scripts.Count)
        {
            throw new InvalidOperationException($"the ledger {ledger} has schema {version}, this program knows {_scripts.Count}: a later version wrote it");
        }

        return _scripts.Select((script, index) => (index + 1, script)).Skip(version);
    }

    /// <exception cref="InvalidOperationException">The ledger's schema is not the one that this program knows.</exception>
    public void RequireCurrent(int version, string ledger)
    {
        if (After(version, ledger).Any())
        {
            throw new InvalidOperationException(
                $"the ledger {ledger} has schema {version}, this program reads {_scripts.Count}: a manager of this version brings it forward when it starts");
        }
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
