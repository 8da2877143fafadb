using System.Collections.Concurrent;
using Npgsql;

namespace Sandcastle.Manager.Ledger;

/// <summary>Ids of the texts that repeat from receipt to receipt. A document is never changed or removed, so what was once seen is remembered. Safe for concurrent use.</summary>
internal sealed class PostgresDocuments
{
    /// <summary>Templates and limits make a few dozen; a caller who varies his limits must not fill the memory.</summary>
    private const int MostRemembered = 4096;

    private readonly ConcurrentDictionary<string, long> _ids = new(StringComparer.Ordinal);

    /// <summary>The id of each, made where it is missing. Made by statements of its own: nobody waits for another's receipts.</summary>
    public async Task<IReadOnlyDictionary<string, long>> FindOrAddAsync(
        NpgsqlConnection connection, IEnumerable<string> documents, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var json in documents)
        {
            if (_ids.TryGetValue(json, out var id))
            {
                found[json] = id;
            }
            else
            {
                missing.Add(json);
            }
        }

        if (missing.Count > 0)
        {
            var texts = missing.ToArray();
            await AddAsync(connection, texts, cancellationToken);
            await ReadAsync(connection, texts, found, cancellationToken);
        }

        return found;
    }

    private static async Task AddAsync(NpgsqlConnection connection, string[] texts, CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand("INSERT INTO documents (json) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING", connection)
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = texts } },
        };
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task ReadAsync(NpgsqlConnection connection, string[] texts, Dictionary<string, long> found, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(
            "SELECT json, id FROM documents WHERE md5(json) IN (SELECT md5(t) FROM unnest($1::text[]) AS t)", connection)
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = texts } },
        };
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        if (_ids.Count > MostRemembered)
        {
            _ids.Clear();
        }

        while (await reader.ReadAsync(cancellationToken))
        {
            var (json, id) = (reader.GetString(0), reader.GetInt64(1));
            found[json] = id;
            _ids[json] = id;
        }
    }
}
