using Npgsql;

namespace Sandcastle.Manager.Ledger;

/// <summary>Where the ledger is: a file of ours, or a PostgreSQL database that several managers share.</summary>
public sealed record LedgerAddress
{
    private const string LocalName = "ledger.db";

    private static readonly string[] Schemes = ["postgres", "postgresql"];

    private LedgerAddress(string? connection) => Connection = connection;

    /// <summary>The SQLite file in the data directory.</summary>
    public static LedgerAddress Local { get; } = new(connection: null);

    /// <summary>More than one manager can use it.</summary>
    public bool IsShared => Connection is not null;

    /// <summary>In Npgsql's own form; null for the local file. May hold a password: never logged.</summary>
    internal string? Connection { get; }

    /// <summary>Reads <c>Host=…;Database=…</c> or <c>postgres://user:password@host:port/database?sslmode=…</c>; null or empty is the local file.</summary>
    /// <exception cref="FormatException">It is neither. The message repeats nothing of a password.</exception>
    public static LedgerAddress Parse(string? text) => string.IsNullOrWhiteSpace(text) ? Local : ParseShared(text);

    /// <summary>Opens the ledger, makes it where it is missing and brings its schema forward.</summary>
    /// <exception cref="InvalidOperationException">It cannot be used; the message is for the person who starts the manager.</exception>
    internal ILedger Open(string dataDirectory, TimeProvider clock) =>
        IsShared ? PostgresLedger.Open(this, clock) : new SqliteLedger(Path.Combine(dataDirectory, LocalName), clock);

    /// <summary>Opens a ledger that is there already, to look into it: its schema stays as it is, and whoever serves with it is not disturbed.</summary>
    /// <exception cref="InvalidOperationException">There is none, or not of this version's schema.</exception>
    public ILedger OpenForReading(string dataDirectory, TimeProvider clock) =>
        IsShared ? PostgresLedger.OpenForReading(this, clock) : SqliteLedger.OpenForReading(Path.Combine(dataDirectory, LocalName), clock);

    /// <summary>Without user and password.</summary>
    public override string ToString()
    {
        if (Connection is null)
        {
            return "SQLite";
        }

        var builder = new NpgsqlConnectionStringBuilder(Connection);
        return $"PostgreSQL at {builder.Host}:{builder.Port}, database '{builder.Database ?? builder.Username}'";
    }

    /// <summary>By itself, so that a start with the local file does not load the driver of the other.</summary>
    private static LedgerAddress ParseShared(string text)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = IsUri(text) ? FromUri(new Uri(text)) : new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            throw new FormatException($"this is no connection to PostgreSQL ({e.Message}); write 'Host=…;Database=…' or 'postgres://…'", e);
        }

        return string.IsNullOrEmpty(builder.Host)
            ? throw new FormatException("a connection to PostgreSQL needs a Host; write 'Host=…;Database=…' or 'postgres://…'")
            : new LedgerAddress(builder.ToString());
    }

    private static bool IsUri(string text) => Array.Exists(Schemes, s => text.StartsWith(s + "://", StringComparison.OrdinalIgnoreCase));

    private static NpgsqlConnectionStringBuilder FromUri(Uri uri)
    {
        var builder = new NpgsqlConnectionStringBuilder { Host = uri.IdnHost };
        if (uri.Port > 0)
        {
            builder.Port = uri.Port;
        }

        if (uri.AbsolutePath.Length > 1)
        {
            builder.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        }

        if (uri.UserInfo.Length > 0)
        {
            var parts = uri.UserInfo.Split(':', 2);
            builder.Username = Uri.UnescapeDataString(parts[0]);
            builder.Password = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : null;
        }

        foreach (var parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Pair(parameter);

            // libpq writes verify-full and application_name where Npgsql has VerifyFull and Application Name.
            builder[name switch { "sslmode" => "SSL Mode", "sslrootcert" => "Root Certificate", _ => name.Replace('_', ' ') }] =
                name == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }

        return builder;
    }

    private static (string Name, string Value) Pair(string parameter)
    {
        var parts = parameter.Split('=', 2);
        return (Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
