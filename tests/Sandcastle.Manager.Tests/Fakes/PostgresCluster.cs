using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>
/// A PostgreSQL server of our own: a fresh cluster in a temporary directory, on a unix socket there, without fsync. As root it runs as
/// another user, since it refuses to be root. Where the programs are missing, whoever asks for a database is skipped.
/// </summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    private const string Packages = "/usr/lib/postgresql";
    private const string Owner = "sandcastle";

    private string? _missing;
    private string _bin = "";
    private string _user = "";
    private string _directory = "";
    private Process? _server;
    private int _databases;

    public async ValueTask InitializeAsync()
    {
        _missing = Find();
        if (_missing is null)
        {
            _directory = Directory.CreateTempSubdirectory("sandcastle-pg-").FullName;
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync("chown", _user, _directory);
            }

            await RunAsync(
                [.. As(), Path.Combine(_bin, "initdb"), "-D", Data, "-U", Owner, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
            await StartAsync();
        }
    }

    /// <summary>The connection to a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        if (_missing is not null)
        {
            Assert.Skip(_missing);
        }

        var name = "ledger" + Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
        await using var connection = new NpgsqlConnection(Connection("postgres") + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return Connection(name);
    }

    public async Task StartAsync()
    {
        string[] settings =
        [
            "-k", _directory, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200",
        ];
        var server = Start([.. As(), Path.Combine(_bin, "postgres"), "-D", Data, .. settings]);
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

        if (_directory.Length > 0)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private string Data => Path.Combine(_directory, "data");

    private string Connection(string database) => $"Host={_directory};Username={Owner};Database={database}";

    /// <summary>Null, or what is not here.</summary>
    private string? Find()
    {
        if (!Directory.Exists(Packages))
        {
            return $"PostgreSQL is not installed (no {Packages}); make deps-extra";
        }

        _bin = Directory.GetDirectories(Packages).Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb")))
            .OrderByDescending(d => d, StringComparer.Ordinal).FirstOrDefault() ?? "";
        if (_bin.Length == 0)
        {
            return $"there is no initdb below {Packages}";
        }

        if (Environment.IsPrivilegedProcess)
        {
            var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
            _user = users.Contains("postgres") ? "postgres" : "nobody";
        }

        return null;
    }

    private string[] As() => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", _user, "--regid", _user == "nobody" ? "nogroup" : _user, "--clear-groups"] : [];

    private static async Task RunAsync(params string[] command)
    {
        using var process = Start(command);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await output;
        await process.WaitForExitAsync(CancellationToken.None);
        process.ExitCode.ShouldBe(0, $"{string.Join(' ', command)}: {errors}");
    }

    private static Process Start(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" };
        return Process.Start(start)!;
    }
}
