using Sandcastle.Postgres;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>The server that tests share. Where PostgreSQL is missing, whoever asks for a database is skipped.</summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    private PostgresServer? _server;

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            _server = await PostgresServer.StartAsync();
        }
    }

    public Task<string> NewDatabaseAsync()
    {
        if (_server is null)
        {
            Assert.Skip(PostgresServer.Missing!);
        }

        return _server.NewDatabaseAsync(TestContext.Current.CancellationToken);
    }

    public Task KillAsync() => _server!.KillAsync();

    public Task StartAsync() => _server!.StartAgainAsync();

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
