using Dapper;
using Microsoft.Data.Sqlite;

namespace Sandcastle.Manager.Ledger;

/// <summary>Ids of the texts that repeat from receipt to receipt; see <see cref="PostgresDocuments"/>. For the one writer, outside of a transaction.</summary>
internal sealed class SqliteDocuments
{
    /// <summary>A caller who varies his limits must not fill the memory.</summary>
    private const int MostRemembered = 4096;

    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> FindOrAdd(SqliteConnection connection, IEnumerable<string> documents)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var json in documents.Where(d => !found.ContainsKey(d)))
        {
            if (!_ids.TryGetValue(json, out var id))
            {
                connection.Execute("INSERT INTO documents (json) VALUES (@json) ON CONFLICT (json) DO NOTHING", new { json });
                id = connection.ExecuteScalar<long>("SELECT id FROM documents WHERE json = @json", new { json });
                if (_ids.Count > MostRemembered)
                {
                    _ids.Clear();
                }

                _ids[json] = id;
            }

            found[json] = id;
        }

        return found;
    }
}
