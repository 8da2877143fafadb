using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Sandcastle.Postgres;

/// <summary>
/// A PostgreSQL server of our own: a fresh cluster in a temporary directory, on a unix socket there. As root it runs as another user, since it
/// refuses to be root.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Packages = "/usr/lib/postgresql";
    private const string Owner = "sandcastle";

    private readonly string _bin;
    private readonly string _directory;
    private readonly string[] _as;
    private readonly bool _durable;
    private Process? _server;
    private int _databases;

    private PostgresServer(string bin, string directory, string[] asUser, bool durable) =>
        (_bin, _directory, _as, _durable) = (bin, directory, asUser, durable);

    /// <summary>Null, or what is not here.</summary>
    public static string? Missing => Programs() is null ? $"PostgreSQL is not installed (no initdb below {Packages}); make deps-extra" : null;

    private string Data => Path.Combine(_directory, "data");

    /// <param name="durable">A commit waits for the disk, as it does where it matters; tests have no power cuts.</param>
    public static async Task<PostgresServer> StartAsync(bool durable = false)
    {
        var directory = Directory.CreateTempSubdirectory("sandcastle-pg-").FullName;
        string[] asUser = [];
        if (Environment.IsPrivilegedProcess)
        {
            var (user, group) = User();
            await RunAsync("chown", user, directory);
            asUser = ["setpriv", "--reuid", user, "--regid", group, "--clear-groups"];
        }

        var server = new PostgresServer(Programs()!, directory, asUser, durable);
        await RunAsync(
            [.. asUser, Path.Combine(server._bin, "initdb"), "-D", server.Data, "-U", Owner, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        await server.StartAgainAsync();
        return server;
    }

    public async Task StartAgainAsync()
    {
        string[] settings = ["-k", _directory, "-c", "listen_addresses=", "-c", "max_connections=200"];
        string[] hasty = _durable ? [] : ["-c", "fsync=off", "-c", "full_page_writes=off"];
        var server = Start([.. _as, Path.Combine(_bin, "postgres"), "-D", Data, .. settings, .. hasty]);
        _server = server;
        while (await server.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.EndsWith("database system is ready to accept connections", StringComparison.Ordinal))
            {
                _ = server.StandardError.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        throw new InvalidOperationException("the PostgreSQL server ended before it was ready");
    }

    /// <summary>The connection to a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = "ledger" + Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
        await using var connection = new NpgsqlConnection(Connection("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
        return Connection(name);
    }

    /// <summary>As a crash ends it: at once, without a checkpoint, in the middle of whatever it does.</summary>
    public async Task KillAsync()
    {
        var server = _server!;
        await RunAsync("kill", "-QUIT", server.Id.ToString(CultureInfo.InvariantCulture));
        await server.WaitForExitAsync(CancellationToken.None);
        server.Dispose();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await KillAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>The newest version's directory; null where there is none.</summary>
    private static string? Programs() => Directory.Exists(Packages)
        ? Directory.GetDirectories(Packages).Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Max(StringComparer.Ordinal)
        : null;

    private static (string User, string Group) User() =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? ("postgres", "postgres") : ("nobody", "nogroup");

    private string Connection(string database) => $"Host={_directory};Username={Owner};Database={database}";

    private static async Task RunAsync(params string[] command)
    {
        using var process = Start(command);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await output;
        await process.WaitForExitAsync(CancellationToken.None);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {errors}");
        }
    }

    private static Process Start(string[] command) => Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
        WorkingDirectory = "/",
    })!;
}
